// The mark and the name.

export function Logo() {
  return (
    <span className="flex items-center gap-2.5 text-[17px] font-semibold tracking-tight">
      <svg aria-hidden="true" viewBox="0 0 32 32" className="size-7 shrink-0">
        <rect width="32" height="32" rx="9" className="fill-ink" />
        <path
          d="M9 22.5 15 9.5h2l6 13"
          fill="none"
          stroke="#fff"
          strokeWidth="2.6"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
        <circle cx="16" cy="19.6" r="2.1" fill="#7d9bff" />
      </svg>
      AIPress
    </span>
  );
}
