// Pictures are made smaller, and compared, by a page of Chromium.

/** How much of a long page is kept, in pixels. */
const LONGEST = 2_200;
const QUALITY = 0.5;

const asUrl = (bytes, type) => `data:image/${type};base64,${bytes.toString('base64')}`;

/** A picture as WebP, cut at the end of what people look at. */
export async function smaller(sheet, png) {
  const url = await sheet.evaluate(async ({ url, longest, quality }) => {
    const image = Object.assign(new Image(), { src: url });
    await image.decode();
    const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: Math.min(image.height, longest) });
    canvas.getContext('2d').drawImage(image, 0, 0);
    return canvas.toDataURL('image/webp', quality);
  }, { url: asUrl(png, 'png'), longest: LONGEST, quality: QUALITY });
  return Buffer.from(url.split(',')[1], 'base64');
}

/** Which share of the pixels two pictures do not have in common; letters whose edges are smoothed otherwise count as the same. */
export const differing = (sheet, before, after) =>
  sheet.evaluate(async (urls) => {
    const images = await Promise.all(urls.map(async (src) => {
      const image = Object.assign(new Image(), { src });
      await image.decode();
      return image;
    }));
    const [width, height] = ['width', 'height'].map((side) => Math.max(...images.map((image) => image[side])));
    const [one, other] = images.map((image) => {
      const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
      context.drawImage(image, 0, 0);
      return context.getImageData(0, 0, width, height).data;
    });
    let different = 0;
    for (let at = 0; at < one.length; at += 4) {
      const most = Math.max(Math.abs(one[at] - other[at]), Math.abs(one[at + 1] - other[at + 1]), Math.abs(one[at + 2] - other[at + 2]), Math.abs(one[at + 3] - other[at + 3]));
      if (most > 48) different += 1;
    }
    return different / (width * height);
  }, [asUrl(before, 'webp'), asUrl(after, 'webp')]);
