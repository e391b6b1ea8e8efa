using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using ModularMonolith.Identity.SignIns;

namespace ModularMonolith.Identity.Tokens;

/// <summary>The session of a browser that signed in at the page of this server, in a cookie that scripts cannot read and other sites cannot send along with a form.</summary>
internal sealed class BrowserSession(IIdentityStore store, IDataProtectionProvider protection, TimeProvider time)
{
    // RFC 6265bis, section 4.1.3.2: of this host only, over a secure channel only.
    private const string Cookie = "__Host-identity";
    private const int LongestValue = 1_000;

    private readonly IDataProtector _protector = protection.CreateProtector("identity.browser-session");

    /// <summary>The session, when there is one that has not ended.</summary>
    public async Task<Session?> FindAsync(HttpContext http, CancellationToken cancellationToken)
    {
        if (http.Request.Cookies[Cookie] is not { Length: > 0 and <= LongestValue } value || Read(value) is not { } id)
        {
            return null;
        }

        await using var session = store.QuerySession();
        return await session.LoadAsync<Session>(id, cancellationToken) is { } found && found.IsActiveAt(time.GetUtcNow()) ? found : null;
    }

    public void Start(HttpContext http, Guid sessionId) =>
        http.Response.Cookies.Append(Cookie, Base64Url.EncodeToString(_protector.Protect(sessionId.ToByteArray())), Options());

    public static void End(HttpContext http) => http.Response.Cookies.Delete(Cookie, Options());

    private static CookieOptions Options() => new() { HttpOnly = true, Secure = true, SameSite = SameSiteMode.Lax, Path = "/", IsEssential = true };

    private Guid? Read(string value)
    {
        try
        {
            return Base64Url.IsValid(value) ? new Guid(_protector.Unprotect(Base64Url.DecodeFromChars(value))) : null;
        }
        catch (CryptographicException)
        {
            // Made up, or of a key that is no more: as good as none.
            return null;
        }
    }
}
