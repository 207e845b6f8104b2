export default function ({data}) {
  if (document.cookie.split('; ').some(c => c.startsWith(data.name + '='))) return
  const safe = location.protocol === 'https:' ? '; Secure' : ''
  document.cookie = `${data.name}=${data.key}; Path=/; Max-Age=31536000; SameSite=Lax${safe}`
}
