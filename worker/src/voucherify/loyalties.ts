import type { Json } from './call';
import { formed, named, type Work } from './desk';
import { invalidPayload, notFound } from './failure';
import { create, get, list, object, remove, set, update, type By, type Fields } from './plain';
import { readSelection } from './query';
import { below, decided, type Route } from './route';
import { at as valueAt } from './rows';
import { equals } from './selection';

const at = below('/v1/loyalties');

const LOYALTY: By = { field: 'campaign_type', value: 'LOYALTY_PROGRAM' };
const IN_CAMPAIGN: By = { field: 'campaign_id', path: 'campaign', of: 'campaigns' };
const ASSIGNED_TO: By = { field: 'related_object_id', path: 'campaign', of: 'campaigns' };

const ofCampaign: Fields = (desk) => ({ campaign_id: named(desk, 'campaigns', 'campaign')['id'] });

const asProgram: Parameters<typeof decided>[1] = ({ call }) => ({
  body: { ...object(call.body), campaign_type: 'LOYALTY_PROGRAM' },
});

/** `{ reward: id, parameters }` for the campaign of the address. */
const assigned: Fields = (desk, { reward, reward_id = reward }) => {
  if (typeof reward_id !== 'string') throw invalidPayload("The body should have the property 'reward'");
  if (!desk.rows.find('rewards', reward_id)) throw notFound('reward', reward_id);
  return { reward_id, related_object_id: named(desk, 'campaigns', 'campaign')['id'], related_object_type: 'campaign' };
};

/** What a card's points are good for, with what it costs there: of `affordable_only`, what its balance is enough for. */
const rewardsOfMember = formed({ query: ['affordable_only'], listed: 'data' }, (desk) => {
  const { rows, call } = desk;
  const card = named(desk, 'vouchers', 'code');
  const { limit, offset, ...selection } = readSelection(call.query, [equals('related_object_id', card['campaign_id'])]);
  const points = numberAt(card, 'loyalty_card.balance');
  const data = rows.select('reward_assignments', selection).flatMap((assignment) => {
    const reward = rows.find('rewards', String(assignment['reward_id']));
    const costs = numberAt(assignment, 'parameters.loyalty.points');
    const isOffered = reward && (call.query['affordable_only'] !== 'true' || costs <= points);
    return isOffered ? [{ reward, assignment, object: 'loyalty_reward' }] : [];
  });
  const [total, has_more] = [data.length, offset + limit < data.length];
  return { status: 200, body: { object: 'list', data_ref: 'data', data: data.slice(offset, offset + limit), total, has_more } };
});

const numberAt = (row: Json, path: string): number => Number(valueAt(row, path) ?? 0);

/** The reward that is assigned. */
const rewardOfAssignment: Work = (desk) => {
  const { reward_id } = named(desk, 'reward_assignments', 'assignment');
  const reward = desk.rows.find('rewards', String(reward_id));
  if (!reward) throw notFound('reward', String(reward_id));
  return { status: 200, body: reward };
};

/** What a card has earned and cannot spend yet. */
const pendingPoints = (card: string): Route[] => [
  at('GET', `${card}/pending-points`, 'points that cannot be spent yet, by when they can', decided('loyalties/pending-points')),
  at('POST', `${card}/pending-points/:points/activate`, 'makes pending points active', decided('loyalties/activate-points')),
  at('POST', `${card}/pending-points/:points/cancel`, 'takes pending points back', decided('loyalties/cancel-points')),
  at('POST', `${card}/pending-points/:points/balance`, 'adds or takes pending points', decided('loyalties/correct-points')),
];

export const loyaltyRoutes: readonly Route[] = [
  at('GET', '', 'lists loyalty campaigns', list('campaigns', LOYALTY)),
  at('POST', '', 'creates a loyalty campaign', decided('campaigns/create', asProgram)),
  // Members without their campaign go before campaigns, whose ids could be the word `members`.
  at('POST', '/members/:code/transfers', 'takes points over from other cards', decided('loyalties/transfer')),
  at('GET', '/members/:code/tiers', 'the tier of a member', decided('loyalties/tiers-of-member')),
  at('GET', '/members/:code/rewards', 'the rewards of a member', rewardsOfMember),
  at('GET', '/members/:code', 'a member, by card', get('vouchers', 'code')),
  at('POST', '/members/:code/balance', 'adds or takes points', decided('loyalties/balance')),
  at('POST', '/members/:code/redemption', 'redeems a reward', decided('loyalties/redeem-reward')),
  ...pendingPoints('/members/:code'),
  at('GET', '/:campaign', 'a loyalty campaign', get('campaigns', 'campaign', LOYALTY)),
  at('PUT', '/:campaign', 'changes a loyalty campaign', decided('campaigns/update')),
  at('DELETE', '/:campaign', 'deletes a loyalty campaign with its cards', remove('campaigns', 'campaign', {
    vouchers: 'campaign_id',
    earning_rules: 'campaign_id',
    loyalty_tiers: 'campaign_id',
    reward_assignments: 'related_object_id',
    validation_rules_assignments: 'related_object_id',
  })),
  at('POST', '/:campaign/qualifications', 'estimates the points of an order', decided('loyalties/estimate')),

  at('GET', '/:campaign/members', 'the members of a campaign', list('vouchers', IN_CAMPAIGN)),
  at('POST', '/:campaign/members', 'makes a customer a member', decided('loyalties/create-member')),
  at('GET', '/:campaign/members/:code', 'a member', get('vouchers', 'code', IN_CAMPAIGN)),
  at('POST', '/:campaign/members/:code/balance', 'adds or takes points', decided('loyalties/balance')),
  at('POST', '/:campaign/members/:code/redemption', 'redeems a reward', decided('loyalties/redeem-reward')),
  at('POST', '/:campaign/members/:code/transfers', 'takes points over from other cards', decided('loyalties/transfer')),
  at('GET', '/:campaign/members/:code/tiers', 'the tier of a member', decided('loyalties/tiers-of-member')),
  at('GET', '/:campaign/members/:code/points-expiration', 'the points of a card by the day they go', decided('loyalties/points-expiration')),
  ...pendingPoints('/:campaign/members/:code'),

  at('GET', '/:campaign/earning-rules', 'the earning rules of a campaign', list('earning_rules', IN_CAMPAIGN)),
  at('POST', '/:campaign/earning-rules', 'creates earning rules', create('earning_rules', ofCampaign)),
  at('GET', '/:campaign/earning-rules/:rule', 'an earning rule', get('earning_rules', 'rule', IN_CAMPAIGN)),
  at('PUT', '/:campaign/earning-rules/:rule', 'changes an earning rule', update('earning_rules', 'rule', IN_CAMPAIGN)),
  at('DELETE', '/:campaign/earning-rules/:rule', 'deletes an earning rule', remove('earning_rules', 'rule')),
  at('POST', '/:campaign/earning-rules/:rule/enable', 'enables an earning rule', set('earning_rules', 'rule', { active: true }, IN_CAMPAIGN)),
  at('POST', '/:campaign/earning-rules/:rule/disable', 'disables an earning rule', set('earning_rules', 'rule', { active: false }, IN_CAMPAIGN)),

  at('GET', '/:campaign/rewards', 'the rewards of a campaign', list('reward_assignments', ASSIGNED_TO)),
  at('POST', '/:campaign/rewards', 'assigns rewards to a campaign', create('reward_assignments', assigned)),
  at('GET', '/:campaign/rewards/:assignment', 'an assigned reward', get('reward_assignments', 'assignment', ASSIGNED_TO)),
  at('PUT', '/:campaign/rewards/:assignment', 'changes an assigned reward', update('reward_assignments', 'assignment', ASSIGNED_TO)),
  at('DELETE', '/:campaign/rewards/:assignment', 'takes a reward from a campaign', remove('reward_assignments', 'assignment')),

  at('GET', '/:campaign/reward-assignments/:assignment/reward', 'the reward that is assigned', rewardOfAssignment),

  at('GET', '/:campaign/tiers', 'the tiers of a campaign', list('loyalty_tiers', IN_CAMPAIGN)),
  at('POST', '/:campaign/tiers', 'creates tiers', create('loyalty_tiers', ofCampaign)),
  at('GET', '/:campaign/tiers/:tier', 'a tier', get('loyalty_tiers', 'tier', IN_CAMPAIGN)),
];
