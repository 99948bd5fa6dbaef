// Ends with 0 once the server answers. It refuses requests that nobody signed, and that is answer enough.
fetch("http://127.0.0.1:8000/").catch((error) => {
  console.error(`The server does not answer yet: ${error.message}`);
  process.exitCode = 1;
});
