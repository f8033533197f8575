// A diagnosis: likely causes, the likeliest first; each claim leads to its rows, and all that was seen stands below as one timeline.

import { useQuery } from '@tanstack/react-query';
import { type Claim, type Diagnosis, diagnosisQuery, type Fact, type Finding, type Looked } from '@/api/diagnosis';
import { sentenceOf } from '@/api/problem';
import { Card, CardSkeleton } from '@/ui/Card';
import { Notice } from '@/ui/Notice';
import { momentOf } from './facts';
import { RowsLink } from './RowsLink';
import { Timeline } from './Timeline';

type DiagnosisCardProps = { tenant: string; looked?: Looked };

export function DiagnosisCard({ tenant, looked }: DiagnosisCardProps) {
  const { data, error } = useQuery(diagnosisQuery(tenant, looked));
  if (error) return <Notice title="The site can’t be looked at just now">{sentenceOf(error)}</Notice>;
  if (!data) return <CardSkeleton label="Looking at the site" />;
  return <Shown diagnosis={data} />;
}

function Shown({ diagnosis }: { diagnosis: Diagnosis }) {
  const { findings, facts, summary, unseen, tenant } = diagnosis;
  const known = new Map(facts.map((fact) => [fact.id, fact]));
  return (
    <Card heading={`What is wrong with ${tenant}`}>
      <p className="mt-1 text-sm text-soft">
        {momentOf(diagnosis.since)} to {momentOf(diagnosis.until)}
      </p>
      {findings.length === 0 ? (
        <p className="mt-4 text-sm">
          <Claimed claim={summary} known={known} tenant={tenant} />
        </p>
      ) : (
        <ol className="mt-4 grid gap-6">
          {findings.map((finding) => (
            <li key={finding.cause}>
              <Found finding={finding} known={known} tenant={tenant} />
            </li>
          ))}
        </ol>
      )}
      {unseen.length > 0 && (
        <p className="mt-4 text-sm text-soft">Could not be looked at just now: {unseen.join(', ')}.</p>
      )}
      <Timeline facts={facts} tenant={tenant} />
    </Card>
  );
}

type FoundProps = { finding: Finding; known: Map<string, Fact>; tenant: string };

function Found({ finding, known, tenant }: FoundProps) {
  return (
    <>
      <h3 className="text-sm font-medium">{finding.title}</h3>
      <p className="text-xs text-soft">
        {SURE[finding.confidence]} · since {momentOf(finding.began_at)}
      </p>
      <ul className="mt-2 grid list-disc gap-1.5 pl-5 text-sm marker:text-soft">
        {finding.claims.map((claim) => (
          <li key={claim.text}>
            <Claimed claim={claim} known={known} tenant={tenant} />
          </li>
        ))}
      </ul>
      <p className="mt-3 text-sm">
        <span className="font-medium">What helps: </span>
        {finding.proposal.text}
      </p>
    </>
  );
}

type ClaimedProps = { claim: Claim; known: Map<string, Fact>; tenant: string };

/** The sentence, and a link to the rows of each fact it stands on. */
function Claimed({ claim, known, tenant }: ClaimedProps) {
  const facts = claim.facts.map((id) => known.get(id)).filter((fact) => fact !== undefined);
  return (
    <span className="wrap-anywhere">
      {claim.text}{' '}
      {facts.map((fact) => (
        <RowsLink key={fact.id} fact={fact} tenant={tenant} />
      ))}
    </span>
  );
}

const SURE: Record<Finding['confidence'], string> = {
  certain: 'Certain',
  likely: 'Likely',
  possible: 'Possible',
};
