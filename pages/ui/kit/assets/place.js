// Streamlit's page looks for its server below the page's own path first, and gets a 404 on every deep link: told, it asks once.
// The server is beside the page, also where a proxy has put both below a path.
window.__streamlit = {BACKEND_BASE_URL: new URL('.', location).href}
