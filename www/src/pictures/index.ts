import type { Colour, Product } from '../goods';
import { boxPouch, bottle, espressoCup, stripedBag, wideTin } from './coffee';
import { harbour } from './harbour';
import { grinder, kettle, leverMachine, mokaPot } from './metal';
import { ink } from './palette';
import { carafe, dripper, frenchPress, ironTeapot, milkJug } from './pots';
import { scene } from './scene';
import { cakePlate, mug, teaBowl, towel } from './tableware';
import { caddy, carton, corkJar, paperBag, pouch, roundTin } from './tea';

type Room = readonly [wall: string, table: string];

const apricot: Room = ['#f1c9a8', '#c9825a'];
const willow: Room = ['#dfe6c4', '#b1bd8b'];
const oat: Room = ['#e8d9bf', '#b98f68'];
const peach: Room = ['#f3dcc0', '#d0986a'];
const blush: Room = ['#f1cfc6', '#cc978c'];
const slate: Room = ['#c9dbe4', '#8fa9b6'];
const lagoon: Room = ['#bfdcdc', '#7fa9ab'];
const mauve: Room = ['#e2d0dc', '#a98ba6'];
const dusk: Room = ['#c6cfe0', '#8a98b4'];
const honey: Room = ['#f6dfa6', '#d3a854'];
const fern: Room = ['#d3e2d0', '#93b093'];
const chalk: Room = ['#e9e2d6', '#cdc1b0'];

const glazes: Record<Colour, string> = {
  sea: ink.sea,
  saffron: ink.saffron,
  vermilion: ink.vermilion,
  rose: '#e2a394',
  butter: ink.butter,
  sky: '#9cc8cf',
  white: ink.white,
  black: '#33474a',
  green: ink.sage,
  copper: ink.copper,
  clear: ink.mist,
  steel: ink.steel,
  plum: ink.plum,
  blue: '#22406a',
  sand: '#d9cdb4',
};

const drawings: Record<string, [draw: (glaze: string) => string, room: Room]> = {
  'harbour-breakfast': [roundTin, apricot],
  'heron-kettle': [kettle, peach],
  'lighthouse-espresso': [stripedBag, lagoon],
  'tideline-mug': [mug, blush],
  'first-mist-sencha': [pouch, willow],
  'cone-dripper': [dripper, slate],
  'corvo-moka': [mokaPot, honey],
  'jasmine-pearls': [() => corkJar(), blush],
  'skerry-cup': [espressoCup, fern],
  'pilot-lever': [leverMachine, lagoon],
  'tarred-rope': [caddy, oat],
  'guji-filter': [boxPouch, mauve],
  'basalt-teapot': [(glaze) => ironTeapot(glaze === ink.sea ? '#245a63' : glaze), apricot],
  'sunday-plate': [cakePlate, willow],
  'copper-coast': [paperBag, peach],
  'bistro-press': [frenchPress, slate],
  'night-ferry': [wideTin, dusk],
  'crackle-bowl': [teaBowl, oat],
  'slow-hand': [grinder, mauve],
  'slack-tide': [bottle, honey],
  'fog-lamp': [carton, slate],
  'sandglass-carafe': [carafe, fern],
  'pear-jug': [milkJug, dusk],
  'jetty-towel': [towel, chalk],
  'spring-tide': [() => corkJar(['#8a6a3f', '#6f5a33', '#a98549', '#59492c']), dusk],
};

export const glazeOf = (colour: Colour) => glazes[colour];

const drawn = new Map<string, string>();

// An object URL keeps a drawing out of the page's own markup: short to write, decoded once, its ids its own.
function url(key: string, draw: () => string): string {
  let found = drawn.get(key);
  if (!found) {
    found = URL.createObjectURL(new Blob([draw()], { type: 'image/svg+xml' }));
    drawn.set(key, found);
  }
  return found;
}

export function pictureOf(product: Product, colour: Colour): string {
  return url(`${product.id}/${colour}`, () => {
    const drawing = drawings[product.id];
    if (!drawing) throw new Error(`${product.id} has no drawing: add one to pictures/index.ts`);
    const [draw, [wall, table]] = drawing;
    return scene(wall, table, draw(glazes[colour]));
  });
}

export const harbourPicture = () => url('harbour', harbour);
