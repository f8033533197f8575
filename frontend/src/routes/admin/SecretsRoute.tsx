// `/admin/secrets`: which secrets sites have, without any value.

import { Link } from '@tanstack/react-router';
import { PageHead } from '@/features/admin/PageHead';
import { SecretList } from '@/features/admin/SecretList';
import { useTitle } from '@/lib/page';

export function SecretsRoute() {
  useTitle('Secrets');
  return (
    <>
      <PageHead title="Secrets">
        What sites were given besides their own passwords. Only names, age and the last characters are shown: values go
        in and never come out.
      </PageHead>
      <SecretList
        linkSite={({ slug, name }) => (
          <Link
            to="/admin/tenants/$id"
            params={{ id: slug }}
            className="rounded-sm text-accent underline-offset-4 wrap-anywhere hover:underline"
          >
            {name}
          </Link>
        )}
      />
    </>
  );
}
