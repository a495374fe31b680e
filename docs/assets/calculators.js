// The calculators. Each function computes what the snippet of the same name does, and the tests hold it to that; it takes
// what the fields of its form let through. Without this file a form shows its worked example.

export function connection_budget({ workers, pool_size, max_overflow, copies, max_connections, reserved, share, others }) {
  const asked = workers * (pool_size + max_overflow) * copies;
  const granted = max_connections - reserved - share - others;
  const largest = Math.max(0, Math.floor(granted / (workers * copies)) - max_overflow);
  return { asked, granted, left: granted - asked, largest };
}

export function littles_law({ rate, held_ms, target, connections }) {
  return {
    in_use: (rate * held_ms) / 1000,
    enough: Math.ceil((rate * held_ms) / (10 * target)),
    longest_ms: (10 * target * connections) / rate,
  };
}

export function deadlock_bound({ threads, held }) {
  return { deadlock_bound: threads * (held - 1) + 1 };
}

const calculators = { connection_budget, littles_law, deadlock_bound };

// What a field holds, or null if that is not what it asks for.
function number(input) {
  const { valid } = input.validity;
  return valid && input.value !== "" ? Number(input.value) : null;
}

function shown(value) {
  return String(Number.isInteger(value) ? value : Number(value.toPrecision(6))).replace("-", "−");
}

function start(form) {
  const compute = calculators[form.dataset.calculator];
  const inputs = [...form.querySelectorAll("input")];
  const again = form.querySelector("button");

  function update() {
    const given = Object.fromEntries(inputs.map((input) => [input.dataset.name, number(input)]));
    for (const input of inputs) {
      const fault = given[input.dataset.name] === null;
      input.setAttribute("aria-invalid", String(fault));
      document.getElementById(input.getAttribute("aria-describedby")).hidden = !fault;
    }
    const all = Object.values(given).every((value) => value !== null);
    const results = all ? compute(given) : {};
    for (const data of form.querySelectorAll("output data")) {
      data.value = all ? String(results[data.dataset.name]) : "";
      data.textContent = all ? shown(results[data.dataset.name]) : "";
      data.parentElement.hidden = !all;
    }
    form.querySelector(".calculator-none").hidden = all;
    again.hidden = inputs.every((input) => input.value === input.defaultValue && !input.validity.badInput);
  }

  for (const input of inputs) {
    const fault = input.closest(".calculator-input").querySelector(".calculator-fault");
    fault.id = `calculator-fault-${document.querySelectorAll(".calculator-fault[id]").length + 1}`;
    input.setAttribute("aria-describedby", fault.id);
    input.readOnly = false;
  }
  form.addEventListener("input", update);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    for (const input of inputs) input.value = input.defaultValue;
    inputs[0].focus();
    update();
  });
  update();
}

for (const form of document.querySelectorAll("form.calculator")) start(form);
