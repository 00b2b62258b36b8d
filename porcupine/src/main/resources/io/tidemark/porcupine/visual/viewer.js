'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const $ = id => document.getElementById(id);
  const OK = 0, FAIL = 1, INFO = 2;
  const LANE = 24, AXIS = 22, FAULTS = data.faults.length ? 22 : 0;
  const LOG = data.ops.some(o => o[9] !== null) ? 46 : 0;
  const TOP = AXIS + FAULTS + LOG + 4, LEFT = 92;

  // ---- the operations ---------------------------------------------------------------------
  const ops = data.ops.map((o, id) => ({
    id, client: o[0], part: o[1], call: o[2], ret: o[3], outcome: o[4], text: o[5],
    place: o[6], before: o[7], after: o[8], log: o[9], notes: o[10] || '', lane: 0, point: null,
  }));
  const end = ops.reduce((t, o) => Math.max(t, o.ret === null ? o.call : o.ret),
    data.faults.reduce((t, f) => Math.max(t, f[1]), 1));
  const wrong = data.counterexample;
  const suspects = new Set(wrong ? wrong.operations : []);
  const pending = new Set(wrong ? wrong.pending : []);
  const culprit = wrong ? wrong.culprit : -1;

  // Clients share a lane if one begins after the other ended; an indefinite call ends its client.
  const lanes = [];
  (() => {
    const durations = ops.filter(o => o.ret !== null).map(o => o.ret - o.call).sort((a, b) => a - b);
    const usual = durations.length ? durations[durations.length >> 1] : 1;
    const last = new Map();
    for (const o of ops) {
      const until = o.ret === null ? o.call + 8 * usual : o.ret;
      last.set(o.client, Math.max(until, last.has(o.client) ? last.get(o.client) : -Infinity));
    }
    const laneOf = new Map();
    for (const o of ops) {
      if (!laneOf.has(o.client)) {
        let lane = lanes.findIndex(l => l.free < o.call);
        if (lane < 0) {
          lane = lanes.length;
          lanes.push({ops: [], clients: [], free: 0});
        }
        laneOf.set(o.client, lane);
        lanes[lane].clients.push(o.client);
        lanes[lane].free = last.get(o.client);
      }
      o.lane = laneOf.get(o.client);
      const own = lanes[o.lane].ops;
      o.index = own.length;
      own.push(o);
    }
  })();

  // A moment for each linearized operation: as early as its call and its predecessors allow.
  (() => {
    const byPart = new Map();
    for (const o of ops) {
      if (o.place >= 0) {
        if (!byPart.has(o.part)) byPart.set(o.part, []);
        byPart.get(o.part).push(o);
      }
    }
    for (const list of byPart.values()) {
      list.sort((a, b) => a.place - b.place);
      let t = -Infinity;
      for (const o of list) t = o.point = Math.max(t, o.call);
      // Later is more telling: spread towards the latest moment that is still allowed.
      let latest = Infinity;
      for (let i = list.length - 1; i >= 0; i--) {
        const o = list[i];
        latest = Math.min(latest, o.ret === null ? Infinity : o.ret);
        if (latest !== Infinity) o.point = (o.point + latest) / 2;
      }
      t = -Infinity;
      for (const o of list) t = o.point = Math.max(t, o.point);
    }
  })();

  // ---- words ------------------------------------------------------------------------------
  const unit = data.unit;
  const time = t => {
    if (unit !== 'ns') return t.toLocaleString('en') + (unit ? ' ' + unit : '');
    if (t >= 1e9) return (t / 1e9).toFixed(6) + ' s';
    if (t >= 1e6) return (t / 1e6).toFixed(3) + ' ms';
    return (t / 1e3).toFixed(3) + ' µs';
  };
  const outcomes = ['ok', 'failed: did not happen', 'indefinite: may have happened'];
  const element = (tag, text) => {
    const e = document.createElement(tag);
    e.textContent = text;
    return e;
  };
  const describe = o => {
    const box = document.createDocumentFragment();
    box.append(element('b', o.text));
    const list = document.createElement('dl');
    const row = (name, value) => list.append(element('dt', name), element('dd', value));
    row('operation', o.id + ' of client ' + o.client);
    if (data.parts.length > 1) row('key', data.parts[o.part]);
    row('outcome', o.id === culprit ? 'cannot be explained' : outcomes[o.outcome]
      + (pending.has(o.id) && o.outcome === OK ? ' (had not returned by then)' : ''));
    row('time', time(o.call) + ' to ' + (o.ret === null ? 'never' : time(o.ret)));
    if (o.before !== null) row('before', data.states[o.before]);
    if (o.after !== null) row('after', data.states[o.after] + (o.after === o.before ? ' (same)' : ''));
    else if (o.place < 0 && o.outcome !== FAIL) row('state', 'not in the linearization found');
    if (o.place >= 0) row('order', 'number ' + o.place + (data.parts.length > 1 ? ' of its key' : ''));
    if (o.log !== null) row('log position', String(o.log));
    if (o.notes) row('notes', o.notes);
    box.append(list);
    return box;
  };

  // ---- filters ----------------------------------------------------------------------------
  const filter = {text: '', part: '', client: '', ok: true, fail: true, info: true};
  let shown = ops, selected = -1;
  const passes = o => (o.outcome === OK ? filter.ok : o.outcome === FAIL ? filter.fail : filter.info)
    && (!filter.part || data.parts[o.part] === filter.part)
    && (!filter.client || filter.client.split(/[ ,]+/).includes(String(o.client)))
    && (!filter.text || o.text.toLowerCase().includes(filter.text)
      || o.notes.toLowerCase().includes(filter.text));
  const applyFilter = () => {
    filter.text = $('search').value.trim().toLowerCase();
    filter.part = $('part').value.trim();
    filter.client = $('client').value.trim();
    for (const box of ['ok', 'fail', 'info']) filter[box] = $(box).checked;
    shown = ops.filter(passes);
    for (const o of ops) o.shown = false;
    for (const o of shown) o.shown = true;
    $('count').textContent = shown.length + ' of ' + ops.length + ' operations';
    draw();
  };

  // ---- drawing ----------------------------------------------------------------------------
  const chart = $('chart'), map = $('map'), small = $('small');
  const style = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  let colors = {};
  const readColors = () => {
    for (const name of ['back', 'panel', 'text', 'soft', 'line', 'ok', 'ok-edge', 'fail', 'fail-edge',
      'info', 'info-edge', 'bad', 'bad-edge', 'mark', 'log', 'accent', 'band']) {
      colors[name] = style('--' + name);
    }
  };
  const view = {from: 0, to: end, top: 0};
  const prepare = canvas => {
    const ratio = window.devicePixelRatio || 1;
    const width = canvas.clientWidth, height = canvas.clientHeight;
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    const g = canvas.getContext('2d');
    g.setTransform(ratio, 0, 0, ratio, 0, 0);
    g.clearRect(0, 0, width, height);
    g.font = '12px system-ui, sans-serif';
    g.textBaseline = 'middle';
    return {g, width, height};
  };
  const ticks = (from, to, count) => {
    const raw = (to - from) / count, power = Math.pow(10, Math.floor(Math.log10(raw)));
    const step = [1, 2, 5, 10].map(m => m * power).find(s => s >= raw) || raw;
    const result = [];
    for (let t = Math.ceil(from / step) * step; t <= to; t += step) result.push(t);
    return {result, step};
  };
  const tickLabel = (t, step) => {
    if (unit !== 'ns') return t.toLocaleString('en');
    const [size, name] = step >= 1e8 ? [1e9, 's'] : step >= 1e5 ? [1e6, 'ms'] : step >= 100 ? [1e3, 'µs'] : [1, 'ns'];
    const digits = Math.max(0, Math.min(3, Math.ceil(-Math.log10(step / size) - 1e-9)));
    return (t / size).toLocaleString('en', {minimumFractionDigits: digits, maximumFractionDigits: digits}) + ' ' + name;
  };
  const clip = (g, text, width) => {
    if (width < 16) return '';
    if (g.measureText(text).width <= width) return text;
    let n = Math.floor(text.length * width / g.measureText(text).width);
    while (n > 0 && g.measureText(text.slice(0, n) + '…').width > width) n--;
    return n > 0 ? text.slice(0, n) + '…' : '';
  };
  const kindOf = o => o.id === culprit ? 'bad' : ['ok', 'fail', 'info'][o.outcome];
  const box = (g, o, x1, x2, y, h, open, dim) => {
    const kind = kindOf(o), w = Math.max(x2 - x1, 2);
    g.globalAlpha = dim ? 0.16 : 1;
    if (open) {
      const fade = g.createLinearGradient(x1, 0, x1 + w, 0);
      fade.addColorStop(0, colors[kind]);
      fade.addColorStop(1, colors[kind] + '00');
      g.fillStyle = /^#[0-9a-f]{6}$/i.test(colors[kind]) ? fade : colors[kind];
    } else {
      g.fillStyle = colors[kind];
    }
    g.fillRect(x1, y, w, h);
    g.strokeStyle = o.id === selected ? colors.mark : suspects.has(o.id) ? colors['bad-edge'] : colors[kind + '-edge'];
    g.lineWidth = o.id === selected ? 2.5 : suspects.has(o.id) ? 1.8 : 1;
    if (w > 4 || suspects.has(o.id) || o.id === selected) {
      g.beginPath();
      if (open) {
        g.moveTo(x1 + w, y + 0.5); g.lineTo(x1 + 0.5, y + 0.5);
        g.lineTo(x1 + 0.5, y + h - 0.5); g.lineTo(x1 + w, y + h - 0.5);
        g.setLineDash([4, 3]);
      } else {
        g.rect(x1 + 0.5, y + 0.5, w - 1, h - 1);
      }
      g.stroke();
      g.setLineDash([]);
    }
    g.globalAlpha = 1;
  };
  const label = (g, o, x1, x2, y, left, right) => {
    const from = Math.max(x1, left) + 5, width = Math.min(x2, right) - from - 4;
    const text = clip(g, o.text, width);
    if (text) {
      g.fillStyle = o.id === culprit ? '#fff' : colors.text;
      g.fillText(text, from, y);
    }
  };
  const dot = (g, x, y) => {
    g.fillStyle = colors.text;
    g.beginPath();
    g.arc(x, y, 2.2, 0, 7);
    g.fill();
  };

  const xOf = (t, width) => LEFT + (t - view.from) / (view.to - view.from) * (width - LEFT);
  const visibleEnd = o => {
    if (o.ret !== null) return o.ret;
    const next = lanes[o.lane].ops[o.index + 1];
    return next ? next.call : Infinity;
  };
  const firstVisible = (list, from) => {
    let low = 0, high = list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (visibleEnd(list[middle]) < from) low = middle + 1; else high = middle;
    }
    return Math.max(0, low - 1);
  };
  const lanesHeight = () => lanes.length * LANE;

  const drawAxis = (g, width, height) => {
    const {result, step} = ticks(view.from, view.to, Math.max(2, (width - LEFT) / 130));
    g.strokeStyle = colors.line;
    g.fillStyle = colors.soft;
    g.lineWidth = 1;
    for (const t of result) {
      const x = Math.round(xOf(t, width)) + 0.5;
      g.beginPath(); g.moveTo(x, AXIS - 4); g.lineTo(x, height); g.stroke();
      g.fillText(tickLabel(t, step), x + 4, AXIS / 2);
    }
  };
  const drawFaults = (g, width, height) => {
    g.fillStyle = colors.soft;
    g.fillText('faults', 6, AXIS + FAULTS / 2);
    g.save();
    g.beginPath(); g.rect(LEFT, 0, width - LEFT, height); g.clip();
    for (const [from, to, kind, text] of data.faults) {
      const x1 = xOf(from, width), x2 = Math.max(xOf(to, width), x1 + 3);
      if (x2 < LEFT || x1 > width) continue;
      g.fillStyle = colors.band;
      g.fillRect(x1, AXIS, x2 - x1, height);
      g.fillStyle = colors.bad; g.globalAlpha = 0.75;
      g.fillRect(x1, AXIS + 2, x2 - x1, FAULTS - 4);
      g.globalAlpha = 1;
      const from0 = Math.max(x1, LEFT) + 4;
      const words = clip(g, kind + (text ? ': ' + text : ''), x2 - from0 - 2);
      g.fillStyle = '#fff';
      if (words) g.fillText(words, from0, AXIS + FAULTS / 2);
    }
    g.restore();
  };
  const logged = ops.filter(o => o.log !== null).sort((a, b) => a.log - b.log);
  const drawLog = (g, width) => {
    const y0 = AXIS + FAULTS;
    g.fillStyle = colors.soft;
    g.fillText('log', 6, y0 + LOG / 2);
    g.strokeStyle = colors.line;
    g.strokeRect(LEFT + 0.5, y0 + 2.5, width - LEFT - 1, LOG - 5);
    const inView = logged.filter(o => o.shown && o.call <= view.to && (o.ret === null ? end : o.ret) >= view.from);
    if (!inView.length) return;
    const low = inView[0].log, high = Math.max(low + 1, inView[inView.length - 1].log);
    g.fillText(String(high), 40, y0 + 10);
    g.fillText(String(low), 40, y0 + LOG - 10);
    let lastX = -1, lastY = -1;
    for (const o of inView) {
      const x = Math.round(xOf(o.point === null ? o.call : o.point, width));
      const y = Math.round(y0 + LOG - 7 - (o.log - low) / (high - low) * (LOG - 14));
      if (x < LEFT || x > width || (x === lastX && y === lastY && !suspects.has(o.id))) continue;
      const strong = suspects.has(o.id) || o.id === selected;
      g.fillStyle = strong ? colors.bad : colors.log;
      g.fillRect(x - (strong ? 3 : 1), y - (strong ? 3 : 1), strong ? 6 : 3, strong ? 6 : 3);
      lastX = x; lastY = y;
    }
  };
  let drawnBoxes = 0;
  const drawLanes = (g, width, height) => {
    const dimming = shown.length < ops.length;
    drawnBoxes = 0;
    g.save();
    g.beginPath(); g.rect(0, TOP, width, height - TOP); g.clip();
    const first = Math.max(0, Math.floor(view.top / LANE));
    const last = Math.min(lanes.length, Math.ceil((view.top + height - TOP) / LANE));
    for (let l = first; l < last; l++) {
      const y = TOP + l * LANE - view.top;
      if (l % 2) { g.fillStyle = colors.band; g.fillRect(0, y, width, LANE); }
      const list = lanes[l].ops;
      let filled = -Infinity;
      for (let i = firstVisible(list, view.from); i < list.length && list[i].call <= view.to; i++) {
        const o = list[i];
        const x1 = Math.max(xOf(o.call, width), LEFT - 8);
        const x2 = Math.min(xOf(visibleEnd(o), width), width + 8);
        const strong = suspects.has(o.id) || o.id === selected;
        if (x2 < LEFT || (!strong && (x2 < filled + 0.7))) continue;
        if (dimming && !o.shown && x2 - x1 < 2) continue;
        g.save();
        g.beginPath(); g.rect(LEFT, TOP, width - LEFT, height); g.clip();
        box(g, o, x1, x2, y + 3, LANE - 6, o.ret === null, dimming && !o.shown && !strong);
        if (!dimming || o.shown || strong) label(g, o, x1, x2, y + LANE / 2, LEFT, width);
        if (o.point !== null && x2 - x1 > 12) dot(g, Math.min(Math.max(xOf(o.point, width), x1), x2), y + LANE - 5);
        g.restore();
        drawnBoxes++;
        filled = Math.max(filled, x2);
      }
      const names = lanes[l].clients;
      g.fillStyle = colors.back;
      g.fillRect(0, y, LEFT - 2, LANE);
      g.fillStyle = colors.soft;
      g.fillText(clip(g, names.length === 1 ? 'client ' + names[0] : 'clients ' + names.join(' '), LEFT - 12), 6, y + LANE / 2);
    }
    g.restore();
  };
  const drawMap = () => {
    const {g, width, height} = prepare(map);
    const x = t => LEFT + t / end * (width - LEFT);
    const buckets = new Uint32Array(Math.max(1, Math.floor(width - LEFT) + 1));
    for (const o of shown) buckets[Math.floor(x(o.call) - LEFT)]++;
    const most = buckets.reduce((a, b) => Math.max(a, b), 1);
    g.fillStyle = colors.panel;
    g.fillRect(LEFT, 0, width - LEFT, height);
    g.fillStyle = colors['ok-edge'];
    buckets.forEach((n, i) => {
      if (n) g.fillRect(LEFT + i, height - 4 - (height - 8) * n / most, 1, (height - 8) * n / most + 2);
    });
    g.fillStyle = colors.bad;
    for (const [from, to] of data.faults) g.fillRect(x(from), 0, Math.max(2, x(to) - x(from)), 3);
    if (culprit >= 0) g.fillRect(x(ops[culprit].call) - 1, 0, 3, height);
    g.strokeStyle = colors.accent;
    g.lineWidth = 2;
    g.strokeRect(x(view.from), 1, Math.max(4, x(view.to) - x(view.from)), height - 2);
    g.fillStyle = colors.soft;
    g.fillText('overview', 6, height / 2);
  };
  let queued = false;
  const paint = () => {
    queued = false;
    const {g, width, height} = prepare(chart);
    view.top = Math.max(0, Math.min(view.top, lanesHeight() - (height - TOP)));
    drawAxis(g, width, height);
    if (FAULTS) drawFaults(g, width, height);
    if (LOG) drawLog(g, width);
    drawLanes(g, width, height);
    drawMap();
    document.documentElement.dataset.drawn = String(drawnBoxes);
  };
  const draw = () => {
    if (!queued) {
      queued = true;
      requestAnimationFrame(paint);
    }
  };

  // ---- the counterexample -----------------------------------------------------------------
  const SMALL_LANE = 26;
  const smallBoxes = [];
  const drawSmall = () => {
    const list = wrong.context.concat(wrong.operations).sort((a, b) => a - b).map(id => ops[id]);
    const clients = [...new Set(list.map(o => o.client))];
    small.style.height = Math.min(240, 22 + clients.length * SMALL_LANE) + 'px';
    const {g, width} = prepare(small);
    // Times are replaced by their ranks: what counts is what came before what.
    const stop = Math.max(...list.map(o => pending.has(o.id) || o.ret === null ? o.call : o.ret));
    const moments = [...new Set(list.flatMap(o =>
      [o.call, pending.has(o.id) || o.ret === null ? stop : o.ret]))].sort((a, b) => a - b);
    const rank = new Map(moments.map((t, i) => [t, i]));
    const x = t => LEFT + 6 + rank.get(t) / Math.max(1, moments.length - 1) * (width - LEFT - 60);
    smallBoxes.length = 0;
    for (const o of list) {
      const y = 6 + clients.indexOf(o.client) * SMALL_LANE;
      const open = pending.has(o.id) || o.ret === null;
      const x1 = x(o.call), x2 = open ? width - 8 : Math.max(x(o.ret), x1 + 8);
      box(g, o, x1, x2, y, SMALL_LANE - 6, open, false);
      label(g, o, x1, x2, y + SMALL_LANE / 2 - 3, LEFT, width);
      smallBoxes.push({o, x1, x2, y});
    }
    g.fillStyle = colors.soft;
    clients.forEach((c, i) => g.fillText('client ' + c, 6, 6 + i * SMALL_LANE + SMALL_LANE / 2 - 3));
  };
  const showWhy = () => {
    $('why').hidden = false;
    $('jump').hidden = false;
    const more = wrong.stateCount - wrong.states.length;
    $('start').textContent = wrong.fromStart
      ? 'from the initial state ' + wrong.states[0]
      : 'possible just before: ' + wrong.states.join(' · ') + (more > 0 ? ' · and ' + more + ' more' : '');
    for (const id of wrong.context.concat(wrong.operations).sort((a, b) => a - b)) {
      const o = ops[id];
      const item = element('li', o.text + ' (client ' + o.client + ', '
        + time(o.call) + ' to ' + (pending.has(id) || o.ret === null ? 'open' : time(o.ret)) + ')');
      item.className = id === culprit ? 'culprit' : suspects.has(id) ? 'suspect' : 'context';
      item.addEventListener('click', () => select(id));
      $('steps').append(item);
    }
    drawSmall();
  };

  // ---- moving about -----------------------------------------------------------------------
  const zoom = (factor, at) => {
    const span = Math.min(end * 1.02, Math.max((view.to - view.from) * factor, end / 1e9, 4));
    const share = (at - view.from) / (view.to - view.from);
    move(at - share * span, span);
  };
  const move = (from, span) => {
    view.from = Math.max(-0.02 * end, Math.min(from, end * 1.02 - span));
    view.to = view.from + span;
    draw();
  };
  const select = id => {
    selected = id;
    const o = ops[id];
    const length = Math.max((o.ret === null ? o.call : o.ret) - o.call, 1);
    const span = Math.min(end, Math.max(length * 8, Math.min(view.to - view.from, length * 18)));
    move(o.call + length / 2 - span / 2, span);
    view.top = o.lane * LANE - Math.max(0, (chart.clientHeight - TOP) / 2 - LANE);
    $('detail').replaceChildren(describe(o));
    $('detail').hidden = false;
    history.replaceState(null, '', '#op=' + id);
    draw();
  };
  const step = by => {
    if (!shown.length) return;
    const at = shown.findIndex(o => o.id >= selected);
    const here = at >= 0 && shown[at].id === selected;
    const next = at < 0 ? (by > 0 ? 0 : shown.length - 1) : here || by < 0 ? at + by : at;
    select(shown[(next + shown.length) % shown.length].id);
  };
  const timeAt = x => view.from + (x - LEFT) / (chart.clientWidth - LEFT) * (view.to - view.from);
  const opAt = (x, y) => {
    if (x < LEFT || y < TOP) return null;
    const lane = lanes[Math.floor((y - TOP + view.top) / LANE)];
    if (!lane) return null;
    const t = timeAt(x), slack = 3 / (chart.clientWidth - LEFT) * (view.to - view.from);
    for (let i = firstVisible(lane.ops, t - slack); i < lane.ops.length && lane.ops[i].call <= t + slack; i++) {
      if (visibleEnd(lane.ops[i]) >= t - slack) return lane.ops[i];
    }
    return null;
  };
  const faultAt = (x, y) => {
    if (y < AXIS || y > AXIS + FAULTS || x < LEFT) return null;
    const t = timeAt(x), slack = 3 / (chart.clientWidth - LEFT) * (view.to - view.from);
    return data.faults.find(f => f[0] - slack <= t && t <= f[1] + slack);
  };
  const describeFault = ([from, to, kind, text]) => {
    const box = document.createDocumentFragment();
    box.append(element('b', kind), element('div', text), element('div', time(from) + ' to ' + time(to)));
    return box;
  };
  const showTip = (content, event) => {
    const tip = $('tip');
    tip.hidden = !content;
    if (!content) return;
    tip.replaceChildren(content);
    const x = Math.min(event.clientX + 14, window.innerWidth - tip.offsetWidth - 8);
    const below = event.clientY + 16;
    const y = below + tip.offsetHeight < window.innerHeight ? below : event.clientY - tip.offsetHeight - 10;
    tip.style.left = x + 'px';
    tip.style.top = Math.max(4, y) + 'px';
  };
  let drag = null;
  chart.addEventListener('pointerdown', e => {
    drag = {x: e.offsetX, y: e.offsetY, from: view.from, top: view.top, moved: false};
    chart.setPointerCapture(e.pointerId);
  });
  chart.addEventListener('pointermove', e => {
    if (!drag) {
      const fault = faultAt(e.offsetX, e.offsetY);
      const hit = opAt(e.offsetX, e.offsetY);
      showTip(fault ? describeFault(fault) : hit && describe(hit), e);
      return;
    }
    drag.moved = drag.moved || Math.abs(e.offsetX - drag.x) + Math.abs(e.offsetY - drag.y) > 4;
    if (!drag.moved) return;
    $('tip').hidden = true;
    const span = view.to - view.from;
    view.top = drag.top - (e.offsetY - drag.y);
    move(drag.from - (e.offsetX - drag.x) / (chart.clientWidth - LEFT) * span, span);
  });
  chart.addEventListener('pointerup', e => {
    if (drag && !drag.moved) {
      const o = opAt(e.offsetX, e.offsetY);
      if (o) {
        select(o.id);
      } else {
        selected = -1;
        $('detail').hidden = true;
        draw();
      }
    }
    drag = null;
  });
  chart.addEventListener('pointerleave', () => { $('tip').hidden = true; });
  chart.addEventListener('wheel', e => {
    e.preventDefault();
    if (e.shiftKey) {
      view.top += e.deltaY;
      draw();
    } else if (Math.abs(e.deltaX) > Math.abs(e.deltaY)) {
      move(view.from + e.deltaX / (chart.clientWidth - LEFT) * (view.to - view.from), view.to - view.from);
    } else {
      zoom(Math.pow(1.0016, e.deltaY), timeAt(Math.max(e.offsetX, LEFT)));
    }
  }, {passive: false});
  chart.addEventListener('keydown', e => {
    const span = view.to - view.from;
    const keys = {
      ArrowLeft: () => move(view.from - span / 6, span), ArrowRight: () => move(view.from + span / 6, span),
      ArrowUp: () => { view.top -= LANE; draw(); }, ArrowDown: () => { view.top += LANE; draw(); },
      '+': () => zoom(0.6, (view.from + view.to) / 2), '-': () => zoom(1.7, (view.from + view.to) / 2),
      '0': () => move(0, end),
    };
    if (keys[e.key]) { e.preventDefault(); keys[e.key](); }
  });
  const fromMap = e => {
    const span = view.to - view.from;
    move((e.offsetX - LEFT) / (map.clientWidth - LEFT) * end - span / 2, span);
  };
  map.addEventListener('pointerdown', e => { map.setPointerCapture(e.pointerId); fromMap(e); });
  map.addEventListener('pointermove', e => { if (e.buttons) fromMap(e); });
  small.addEventListener('pointermove', e => {
    const hit = smallBoxes.find(b => e.offsetX >= b.x1 && e.offsetX <= b.x2 && e.offsetY >= b.y && e.offsetY <= b.y + SMALL_LANE);
    showTip(hit ? describe(hit.o) : null, e);
  });
  small.addEventListener('pointerleave', () => { $('tip').hidden = true; });
  small.addEventListener('click', e => {
    const hit = smallBoxes.find(b => e.offsetX >= b.x1 && e.offsetX <= b.x2 && e.offsetY >= b.y && e.offsetY <= b.y + SMALL_LANE);
    if (hit) select(hit.o.id);
  });
  for (const id of ['search', 'part', 'client']) $(id).addEventListener('input', applyFilter);
  for (const id of ['ok', 'fail', 'info']) $(id).addEventListener('change', applyFilter);
  $('search').addEventListener('keydown', e => { if (e.key === 'Enter') step(e.shiftKey ? -1 : 1); });
  $('prev').addEventListener('click', () => step(-1));
  $('next').addEventListener('click', () => step(1));
  $('in').addEventListener('click', () => zoom(0.5, (view.from + view.to) / 2));
  $('out').addEventListener('click', () => zoom(2, (view.from + view.to) / 2));
  $('fit').addEventListener('click', () => move(0, end));
  $('jump').addEventListener('click', () => select(culprit));
  const setTheme = theme => {
    document.documentElement.dataset.theme = theme;
    readColors();
    draw();
    if (wrong) drawSmall();
  };
  $('theme').addEventListener('click', () =>
    setTheme(document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark'));
  // The history as it was recorded, unpacked when it is asked for.
  const unpacked = () => {
    const packed = Uint8Array.from(atob(data.download), c => c.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
    return new Response(stream).text();
  };
  $('download').hidden = !data.download;
  $('download').addEventListener('click', async () => {
    const address = URL.createObjectURL(new Blob([await unpacked()], {type: 'application/jsonl'}));
    const link = document.createElement('a');
    link.setAttribute('href', address);
    link.download = 'history.jsonl';
    link.click();
    URL.revokeObjectURL(address);
  });
  // At once: a canvas of the old size would be stretched until the next frame.
  new ResizeObserver(() => { if (wrong) drawSmall(); paint(); }).observe(chart);

  // ---- beginning --------------------------------------------------------------------------
  const parameters = new URLSearchParams(location.hash.slice(1));
  $('badge').textContent = {OK: 'linearizable', ILLEGAL: 'not linearizable', UNKNOWN: 'not decided', LOG_DISAGREES: 'log disagrees'}[data.verdict];
  $('badge').className = {OK: 'ok', ILLEGAL: 'bad', UNKNOWN: 'unknown', LOG_DISAGREES: 'bad'}[data.verdict];
  $('title').textContent = data.title;
  $('summary').textContent = data.summary;
  $('figures').textContent = data.figures;
  $('footer').append('drag: move · wheel: zoom · shift wheel: lanes · click: pin · dots: moments of one linearization');
  if (data.reproduce) $('footer').append(' · again: ', element('code', data.reproduce));
  for (const part of data.parts.slice(0, 2000)) {
    const option = document.createElement('option');
    option.value = part;
    $('parts').append(option);
  }
  if (data.parts.length < 2) $('part').hidden = true;
  $('search').value = parameters.get('q') || '';
  $('part').value = parameters.get('key') || '';
  $('client').value = parameters.get('client') || '';
  for (const id of ['ok', 'fail', 'info']) {
    if (parameters.get(id) === '0') $(id).checked = false;
  }
  setTheme(parameters.get('theme') || (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'));
  if (wrong) showWhy();
  applyFilter();
  if (parameters.has('op')) select(Number(parameters.get('op')));
  paint();
  if (parameters.has('history') && data.download) {
    unpacked().then(text => {
      $('detail').hidden = false;
      $('detail').textContent = text;
    });
  }
  document.documentElement.dataset.ready = 'true';
})();
