// `/sites/$site/diagnosis`: why it is slow or broken, looked at when the page is opened.

import { useQueryClient } from '@tanstack/react-query';
import { diagnosisQuery } from '@/api/diagnosis';
import { DiagnosisCard } from '@/features/diagnosis/DiagnosisCard';
import { Button } from '@/ui/Button';
import { useSite } from './here';
import { Tab } from './Tab';

export function DiagnosisRoute() {
  const { slug } = useSite();
  const client = useQueryClient();
  const lookAgain = () => client.invalidateQueries({ queryKey: diagnosisQuery(slug).queryKey });
  return (
    <Tab title="Diagnosis">
      <div className="grid max-w-3xl grid-cols-1 gap-4">
        <DiagnosisCard tenant={slug} />
        <Button className="w-fit" onClick={lookAgain}>
          Look again
        </Button>
      </div>
    </Tab>
  );
}
