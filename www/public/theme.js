// Runs before the first paint, so that a chosen theme does not flash.
try {
  const theme = localStorage.getItem('tern-and-kettle/theme');
  if (theme) document.documentElement.dataset.theme = theme;
} catch {
  // Without storage the system's choice holds.
}
