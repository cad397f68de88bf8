// @ts-check
// Notes that a page plays. Browsers let it sound only after somebody has touched it.
//
//   unlockSound()      at a tap or a key
//   canSound()         whether it would be heard
//   ring(notes)        [seconds from now, pitch] each; nothing where it would not be heard

/** @typedef {[number, number]} Note */

/** @type {AudioContext | null} */
let sound = null;

export function unlockSound() {
  try {
    sound ??= new AudioContext();
    if (sound.state !== "running") sound.resume().catch(() => {});
  } catch { /* A phone without sound has a screen. */ }
}

export const canSound = () => sound?.state === "running";

export function ring(/** @type {Note[]} */ notes) {
  if (!sound) return;
  unlockSound(); // Phones put it to sleep.
  for (const [at, pitch] of notes) {
    const start = sound.currentTime + at, tone = sound.createOscillator(), volume = sound.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(.0001, start);
    volume.gain.exponentialRampToValueAtTime(.25, start + .01);
    volume.gain.exponentialRampToValueAtTime(.0001, start + 1.2);
    tone.connect(volume).connect(sound.destination);
    tone.start(start);
    tone.stop(start + 1.3);
  }
}
