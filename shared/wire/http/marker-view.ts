import type { Marker } from '../../lane/words.ts';
import type { MarkerAnswer } from './answers.ts';
import { iso } from './instant-text.ts';

/** A marker as the API shows it. */
export const markerView = (marker: Marker): MarkerAnswer => ({
  lane: marker.lane,
  id: marker.id,
  kind: marker.kind,
  version: marker.version,
  liveAt: iso(marker.liveAt),
  switchedBetween:
    marker.switchedBetween === undefined
      ? null
      : { from: iso(marker.switchedBetween.from), to: iso(marker.switchedBetween.to) },
  deployment: marker.deployment ?? null,
  build: marker.build ?? null,
  commit: marker.commit ?? null,
  by: marker.by ?? null,
  text: marker.text ?? null,
  url: marker.url ?? null,
});
