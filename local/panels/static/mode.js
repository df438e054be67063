// Chooses light or dark before anything is painted: the address, else the last choice, else light.
{
  const asked = new URLSearchParams(location.search).get("mode");
  const kept = localStorage.getItem("mode");
  document.documentElement.dataset.mode = (asked ?? kept) === "dark" ? "dark" : "light";
}
