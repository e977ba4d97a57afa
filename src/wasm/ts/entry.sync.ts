// Following a shop's snapshot: no engine in it, so that a page which has one does not download a second.
export * from './sync.js';
