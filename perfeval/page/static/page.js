// Progress while a run goes on, and files dropped on a form. Everything works without this file.
(function () {
  var state = document.getElementById("state");
  function look() {
    var request = new XMLHttpRequest();
    request.open("GET", "/run/state");
    request.onload = function () {
      if (request.status !== 200) { return; }
      var found = JSON.parse(request.responseText);
      state.textContent = found.state;
      if (found.is_going) { setTimeout(look, 1000); } else { location.reload(); }
    };
    request.onerror = function () { state.textContent = "程序没有回答，可能已经退出。"; };
    request.send();
  }
  if (state && state.getAttribute("data-going")) { setTimeout(look, 1000); }
  var forms = document.querySelectorAll("form.drop");
  for (var i = 0; i < forms.length; i++) { accept(forms[i]); }
  function accept(form) {
    var field = form.querySelector("input[type=file]");
    form.addEventListener("dragover", function (event) { event.preventDefault(); form.className = "drop over"; });
    form.addEventListener("dragleave", function () { form.className = "drop"; });
    form.addEventListener("drop", function (event) {
      event.preventDefault();
      form.className = "drop";
      field.files = event.dataTransfer.files;
      form.submit();
    });
  }
})();
