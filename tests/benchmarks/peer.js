// A fast hand-written engine in plain JavaScript: flat Float64Arrays, sigmoid layers, one sample after
// another. Answers lines of JSON as side.py does.
"use strict";

const { performance } = require("node:perf_hooks");
const readline = require("node:readline");

const STEP = 0.02; // seconds of work between two looks at the clock

class Training {
  constructor(request) {
    const { sizes, batch, rate, inputs, targets, weights, biases } = request;
    Object.assign(this, { sizes, batch, rate });
    this.inputs = Float64Array.from(inputs);
    this.targets = Float64Array.from(targets);
    this.weights = weights.map((values) => Float64Array.from(values));
    this.biases = biases.map((values) => Float64Array.from(values));
    this.weightSums = this.weights.map((values) => new Float64Array(values.length));
    this.biasSums = this.biases.map((values) => new Float64Array(values.length));
    this.values = sizes.map((size) => new Float64Array(size));
    this.deltas = sizes.map((size) => new Float64Array(size));
    this.samples = this.inputs.length / sizes[0];
    this.at = 0;
  }

  forward(sample) {
    const { sizes, values } = this;
    const offset = sample * sizes[0];
    for (let k = 0; k < sizes[0]; k++) values[0][k] = this.inputs[offset + k];
    for (let l = 0; l < this.weights.length; l++) {
      const x = values[l], y = values[l + 1], w = this.weights[l], b = this.biases[l];
      const columns = x.length;
      for (let j = 0, i = 0; j < y.length; j++) {
        let z = b[j];
        for (let k = 0; k < columns; k++, i++) z += w[i] * x[k];
        y[j] = 1 / (1 + Math.exp(-z));
      }
    }
  }

  backward(sample) {
    const last = this.sizes.length - 1;
    const out = this.values[last], delta = this.deltas[last];
    const offset = sample * out.length;
    let loss = 0;
    for (let j = 0; j < out.length; j++) {
      const e = out[j] - this.targets[offset + j];
      loss += 0.5 * e * e;
      delta[j] = e * out[j] * (1 - out[j]);
    }
    for (let l = last - 1; l >= 0; l--) {
      const x = this.values[l], d = this.deltas[l + 1], w = this.weights[l];
      const ws = this.weightSums[l], bs = this.biasSums[l], earlier = this.deltas[l];
      const columns = x.length;
      if (l > 0) earlier.fill(0);
      for (let j = 0, i = 0; j < d.length; j++) {
        const dj = d[j];
        bs[j] += dj;
        if (l > 0) {
          for (let k = 0; k < columns; k++, i++) {
            ws[i] += dj * x[k];
            earlier[k] += dj * w[i];
          }
        } else {
          for (let k = 0; k < columns; k++, i++) ws[i] += dj * x[k];
        }
      }
      if (l > 0) for (let k = 0; k < columns; k++) earlier[k] *= x[k] * (1 - x[k]);
    }
    return loss;
  }

  update() {
    const factor = this.rate / this.batch;
    for (let l = 0; l < this.weights.length; l++) {
      const w = this.weights[l], ws = this.weightSums[l];
      for (let i = 0; i < w.length; i++) {
        w[i] -= factor * ws[i];
        ws[i] = 0;
      }
      const b = this.biases[l], bs = this.biasSums[l];
      for (let j = 0; j < b.length; j++) {
        b[j] -= factor * bs[j];
        bs[j] = 0;
      }
    }
  }

  iteration() {
    let loss = 0;
    for (let i = 0; i < this.batch; i++) {
      this.forward(this.at);
      loss += this.backward(this.at);
      this.at = (this.at + 1) % this.samples;
    }
    this.update();
    return loss / this.batch;
  }

  run(n) {
    const losses = new Float64Array(n);
    for (let i = 0; i < n; i++) losses[i] = this.iteration();
    return losses;
  }
}

let training = null;
let step = 1;

function open(request) {
  const losses = Array.from(new Training(request).run(request.prove));
  training = new Training(request);
  for (step = 1; ; step *= 2) {
    const start = performance.now();
    training.run(step);
    const elapsed = (performance.now() - start) / 1000;
    if (elapsed > STEP / 2) {
      step = Math.max(1, Math.round((step * STEP) / elapsed));
      return { losses, threads: null };
    }
  }
}

function run({ seconds }) {
  const start = performance.now();
  let done = 0;
  let elapsed = 0;
  while (elapsed < seconds) {
    training.run(step);
    done += step;
    elapsed = (performance.now() - start) / 1000;
  }
  return { rate: done / elapsed };
}

const answers = { open, run };
readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const request = JSON.parse(line);
  process.stdout.write(JSON.stringify(answers[request.ask](request)) + "\n");
});
