// A synthetic embedding: curved clouds of normally distributed points, a few categories.

import { randomNumbers } from "../../viewer/src/lib/random";

export interface Points {
  x: Float32Array;
  y: Float32Array;
  codes: Uint16Array;
  categories: number;
}

export function makePoints(n: number, categories = 30): Points {
  const random = randomNumbers(42);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const clouds = Array.from({ length: categories }, () => ({
    x: 0.15 + 0.7 * random(),
    y: 0.15 + 0.7 * random(),
    width: 0.02 + 0.06 * random(),
    angle: 2 * Math.PI * random(),
  }));
  const points = { x: new Float32Array(n), y: new Float32Array(n), codes: new Uint16Array(n), categories };
  for (let i = 0; i < n; i++) {
    const code = Math.floor(random() * categories);
    const cloud = clouds[code]!;
    const along = normal();
    const across = 0.35 * normal() + 0.25 * along * along;
    const [c, s] = [Math.cos(cloud.angle), Math.sin(cloud.angle)];
    points.x[i] = clamp(cloud.x + cloud.width * (along * c - across * s));
    points.y[i] = clamp(cloud.y + cloud.width * (along * s + across * c));
    points.codes[i] = code;
  }
  return points;
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}
