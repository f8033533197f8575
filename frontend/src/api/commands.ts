// What the app asks the control plane to do, one verb per function. Each throws an ApiProblem when refused.

import { body, client } from './client';
import type { Operation, Plan } from './types';

export async function sendSignInLink(email: string): Promise<string> {
  return body(await client.POST('/api/auth/email-link', { body: { email } })).sent_to;
}

export async function redeemSignInLink(token: string): Promise<void> {
  await client.POST('/api/auth/email-link/redeem', { body: { token } });
}

export async function signOut(): Promise<void> {
  await client.POST('/api/auth/logout');
}

/** Address that opens wp-admin signed in: works once, for 60 seconds. */
export async function mintLoginLink(tenant: string): Promise<string> {
  return body(await client.POST('/api/tenants/{tenant}/login-links', { params: { path: { tenant } } })).url;
}

/** Undoing is an operation of its own, which this answers with. Said twice, it is done once. */
export async function undoOperation(operation: string): Promise<Operation> {
  return body(
    await client.POST('/api/operations/{operation_id}/undo', { params: { path: { operation_id: operation } } }),
  );
}

/** The hash says what was seen: the control plane refuses when the plan is no longer the one on screen. */
export async function confirmPlan(plan: Plan, typedName?: string): Promise<Operation> {
  const seen = { hash: plan.hash, ...(typedName !== undefined && { typed_name: typedName }) };
  return body(
    await client.POST('/api/plans/{plan_id}/confirmation', { params: { path: { plan_id: plan.id } }, body: seen }),
  );
}

export async function withdrawPlan(plan: Plan): Promise<void> {
  await client.DELETE('/api/plans/{plan_id}', { params: { path: { plan_id: plan.id } } });
}
