// The course of a number, without axes. What it says is said in words too.

const WIDTH = 120;
const HEIGHT = 32;
const ROOM = 2;

type SparklineProps = { values: number[]; label: string };

export function Sparkline({ values, label }: SparklineProps) {
  if (values.length < 2) return null;
  return (
    <svg
      role="img"
      aria-label={`${label}: ${inWords(values)}`}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      className="h-8 w-full text-accent"
    >
      <polyline
        points={pointsOf(values)}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinejoin="round"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}

/** A line that never moves runs through the middle. */
function pointsOf(values: number[]): string {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const range = most - least;
  return values
    .map((value, place) => {
      const x = (place / (values.length - 1)) * WIDTH;
      const share = range === 0 ? 0.5 : (value - least) / range;
      return `${x.toFixed(1)},${(HEIGHT - ROOM - share * (HEIGHT - 2 * ROOM)).toFixed(1)}`;
    })
    .join(' ');
}

function inWords(values: number[]): string {
  const number = new Intl.NumberFormat('en', { maximumFractionDigits: 2 });
  const [least, most, last] = [Math.min(...values), Math.max(...values), values.at(-1) ?? 0];
  return `between ${number.format(least)} and ${number.format(most)}, now ${number.format(last)}`;
}
