// Making a site by form: a name, the address that follows from it, and a size with its price. A size that costs money becomes a plan.

import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { meQuery } from '@/api/me';
import { ApiProblem, sentenceOf } from '@/api/problem';
import { operationQuery, tenantsQuery } from '@/api/queries';
import { createSite, tiersQuery } from '@/api/sites';
import type { Operation, Tenant } from '@/api/types';
import { Button } from '@/ui/Button';
import { TextInput } from '@/ui/TextInput';
import { isFree } from './price';
import { complaintAbout, slugFrom } from './slug';
import { TierChoice } from './TierChoice';

type Size = Tenant['tier'];
export type Wished = { name: string; tier: Size };

type NewSiteFormProps = {
  onBegun: (operation: Operation) => void;
  /** A size with a price: shown as a plan first. */
  onPaid: (wished: Wished) => void;
  isPlanning: boolean;
  planError: Error | null;
};

export function NewSiteForm({ onBegun, onPaid, isPlanning, planError }: NewSiteFormProps) {
  const [name, setName] = useState('');
  const [size, setSize] = useState<Size>('basic');
  const { data: tiers } = useQuery(tiersQuery);
  const create = useCreation(onBegun);
  const complaint = useComplaint(name);
  const failure = create.error ?? planError;
  const isPaid = tiers?.some((one) => one.id === size && !isFree(one.monthly)) ?? false;
  const isReady = name.trim() !== '' && complaint === null;
  const isBusy = create.isPending || isPlanning;

  function submit(event: SubmitEvent) {
    event.preventDefault();
    if (!isReady || isBusy) return;
    const wished = { name: name.trim(), tier: size };
    if (isPaid) onPaid(wished);
    else create.mutate(wished);
  }

  return (
    <form onSubmit={submit} noValidate className="grid gap-8">
      <div>
        <TextInput
          label="Name"
          value={name}
          onChange={(event) => {
            setName(event.target.value);
            create.reset();
          }}
          placeholder="Sunrise Bakery"
          autoComplete="off"
          maxLength={200}
          error={complaint ?? fieldError(failure)}
        />
        {!complaint && <AddressPreview slug={slugFrom(name)} />}
      </div>
      <TierChoice tiers={tiers} value={size} onChange={setSize} />
      <Submit {...{ isPaid, isReady, isBusy }} failure={fieldError(failure) ? null : failure} />
    </form>
  );
}

type SubmitProps = { isPaid: boolean; isReady: boolean; isBusy: boolean; failure: Error | null };

function Submit({ isPaid, isReady, isBusy, failure }: SubmitProps) {
  return (
    <div className="grid gap-4">
      {failure && (
        <p role="alert" className="text-sm text-bad">
          {sentenceOf(failure)}
        </p>
      )}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
        <Button type="submit" kind="primary" className="h-12 px-6" disabled={!isReady} busy={isBusy}>
          {isPaid ? 'See the plan' : 'Create site'}
        </Button>
        {isPaid && <p className="text-sm text-soft">Nothing is made until you confirm it.</p>}
      </div>
    </div>
  );
}

/** What speaks against the name, by its rules or because the person has a site at that address already. */
function useComplaint(name: string): string | null {
  const ownSite = useOwnSiteAt(slugFrom(name));
  return complaintAbout(name) ?? ownSite;
}

function AddressPreview({ slug }: { slug: string }) {
  return (
    <p className="mt-2 min-h-6 text-sm wrap-anywhere text-soft">
      {slug ? (
        <>
          Its address will be <strong className="font-medium text-ink">{`${slug}.${window.location.host}`}</strong>
        </>
      ) : (
        'Its address follows from the name.'
      )}
    </p>
  );
}

function useCreation(onBegun: (operation: Operation) => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ name, tier }: Wished) => createSite(name, tier),
    onSuccess: (operation) => {
      queryClient.setQueryData(operationQuery(operation.id).queryKey, operation);
      void queryClient.invalidateQueries({ queryKey: ['tenants'] });
      onBegun(operation);
    },
  });
}

function useOwnSiteAt(slug: string): string | null {
  const { data } = useInfiniteQuery(tenantsQuery);
  const { data: me } = useQuery(meQuery);
  const taken = data?.find((site) => site.slug === slug && site.owner.id === me?.principal.id);
  return taken ? `You have a site at “${slug}” already (“${taken.name}”). Choose another name.` : null;
}

function fieldError(error: Error | null): string | undefined {
  if (!(error instanceof ApiProblem)) return undefined;
  return error.details.errors?.find(({ field }) => field === 'name' || field === 'slug')?.message;
}
