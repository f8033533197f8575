// Which card shows which part of an answer. The features do not know each other; here they meet.

import { lazy } from 'react';
import type { CardPart, CardPlace } from '@/features/chat/cards';
import { LinesCard } from '@/features/chat/LinesCard';
import { OperationCard } from '@/features/operations/OperationCard';
import { PlanCard } from '@/features/plans/PlanCard';
import { AdminCard, SiteCard } from '@/features/sites/SiteCards';

const showOperation = (id: string) => <OperationCard id={id} />;

// Figures bring a table with menus, or a drawing: fetched when an answer has some.
const figures = () => import('@/features/answers/AnswerPart');
const AnswerTable = lazy(async () => ({ default: (await figures()).AnswerTable }));
const AnswerChart = lazy(async () => ({ default: (await figures()).AnswerChart }));
const AnswerLink = lazy(async () => ({ default: (await figures()).AnswerLink }));

const AdviceCard = lazy(async () => ({ default: (await import('@/features/costs/AdviceCard')).AdviceCard }));
const ChatDomain = lazy(async () => ({ default: (await import('@/features/domains/ChatDomain')).ChatDomain }));
const DiagnosisCard = lazy(async () => ({
  default: (await import('@/features/diagnosis/DiagnosisCard')).DiagnosisCard,
}));

export default function AnyCard({ part, place }: { part: CardPart; place: CardPlace }) {
  switch (part.type) {
    case 'data-operation':
      return showOperation(part.data.operation_id);
    case 'data-plan':
      return <PlanCard id={part.data.plan_id} {...place} showOperation={showOperation} />;
    case 'data-site':
      return <SiteCard tenant={part.data.tenant} />;
    case 'data-admin':
      return <AdminCard tenant={part.data.tenant} />;
    case 'data-domain':
      return <ChatDomain {...part.data} />;
    case 'data-advice':
      return <AdviceCard slug={part.data.tenant} />;
    case 'data-diagnosis': {
      const { tenant, ...looked } = part.data;
      return <DiagnosisCard tenant={tenant} looked={looked} />;
    }
    case 'data-lines':
      return <LinesCard {...part.data} />;
    case 'data-words':
      return <p className="text-sm wrap-break-word text-soft">AIPress answered: {part.data.text}</p>;
    case 'data-table':
      return <AnswerTable table={part.data} />;
    case 'data-chart':
      return <AnswerChart chart={part.data} />;
    case 'data-link':
      return <AnswerLink link={part.data} />;
    default:
      return null;
  }
}
