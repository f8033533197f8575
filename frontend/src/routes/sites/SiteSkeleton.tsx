// Holds the place of a site's page until the site is known.

export function SiteSkeleton() {
  return (
    <div role="img" aria-label="Loading site" className="animate-late">
      <div className="mt-10 flex items-center gap-5">
        <div className="size-14 rounded-2xl bg-wash" />
        <div>
          <div className="h-6 w-56 rounded-full bg-wash" />
          <div className="mt-3 h-4 w-40 rounded-full bg-wash" />
        </div>
      </div>
      <div className="mt-8 h-px bg-line" />
      <div className="mt-8 h-40 rounded-card border border-line" />
    </div>
  );
}
