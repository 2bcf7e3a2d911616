async function ask() {
  const { time, ticks } = await (await fetch('/api')).json();
  document.querySelector('#answer').textContent = `${time}: the worker has ticked ${ticks} times`;
}
setInterval(ask, 1000);
