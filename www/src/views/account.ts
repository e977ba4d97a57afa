/** What comes after the basket: fetched when somebody goes there. */
export { checkout } from './checkout';
export { club } from './club';
export { orders } from './orders';
