/** Who sent the visitor, by the link they came on; kept until a first order can be told of it. */

const shelf = 'tern-and-kettle/invitation';

/** Takes the invitation out of the address: it is no place in the shop. */
export function keepInvitation(): void {
  const address = new URL(location.href);
  const by = address.searchParams.get('invitedBy');
  if (by === null) return;
  address.searchParams.delete('invitedBy');
  history.replaceState(null, '', address);
  try {
    localStorage.setItem(shelf, by);
  } catch {
    // then it is good for nothing on this device
  }
}

export function invitation(): string | null {
  try {
    return localStorage.getItem(shelf);
  } catch {
    return null;
  }
}

export function forgetInvitation(): void {
  try {
    localStorage.removeItem(shelf);
  } catch {
    // nothing was kept
  }
}
