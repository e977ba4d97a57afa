import { objectDoor } from '../../bench/lib/calls.mjs';

export default objectDoor('W2');
