// Texts whose contrast with what they stand on is below 4.5:1 (WCAG 2, 1.4.3), each with the ratio.
const channels = (colour) => colour.match(/[\d.]+/g).map(Number);
const luminance = ([r, g, b]) =>
  [r, g, b]
    .map((each) => each / 255)
    .map((each) => (each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4))
    .reduce((sum, each, i) => sum + each * [0.2126, 0.7152, 0.0722][i], 0);

function ground(element) {
  for (let each = element; each; each = each.parentElement) {
    const [r, g, b, alpha = 1] = channels(getComputedStyle(each).backgroundColor);
    if (alpha === 1) {
      return [r, g, b];
    }
  }
  return [255, 255, 255];
}

const found = [];
for (const element of document.querySelectorAll('body *')) {
  const own = [...element.childNodes].some((child) => child.nodeType === Node.TEXT_NODE && child.data.trim());
  if (own && element.checkVisibility() && !element.disabled) {
    const [a, b] = [luminance(channels(getComputedStyle(element).color)), luminance(ground(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) {
      found.push(`${element.tagName}.${element.className} "${element.textContent.slice(0, 30)}" ${ratio.toFixed(2)}`);
    }
  }
}
return found;
