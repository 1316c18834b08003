// The bar with the next step of a case stays away while the step itself is in sight; without a script it is always there.
(function () {
  "use strict";

  const bar = document.querySelector(".kn-case-reach");
  const step = document.querySelector(".kn-case-now a[href]");
  if (bar && step && "IntersectionObserver" in window) {
    new IntersectionObserver(function (seen) {
      bar.hidden = seen[seen.length - 1].isIntersecting;
    }).observe(step);
  }
})();
