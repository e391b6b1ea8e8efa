using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using ModularMonolith.Identity.Clients;

namespace ModularMonolith.Identity.Tokens;

/// <summary>The page at which people sign in for a client: one form, no scripts, nothing from elsewhere, not to be shown in frames.</summary>
internal sealed class SignInPage(IAntiforgery antiforgery)
{
    public const string AntiforgeryField = "antiforgery";

    /// <summary>Shows the form.</summary>
    /// <param name="http">The request.</param>
    /// <param name="client">Who asks.</param>
    /// <param name="redirectUri">Where the browser goes afterwards.</param>
    /// <param name="query">The authorization request, to go on with.</param>
    /// <param name="message">What was wrong the last time.</param>
    public IResult Show(HttpContext http, Client client, string redirectUri, string query, string? message)
    {
        var token = antiforgery.GetAndStoreTokens(http).RequestToken!;
        var nonce = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        // Browsers apply form-action to where the form's answer redirects to, which in the end is the client.
        http.Response.Headers.ContentSecurityPolicy =
            $"default-src 'none'; style-src 'nonce-{nonce}'; form-action 'self' {SourceOf(redirectUri)}; frame-ancestors 'none'; base-uri 'none'";
        http.Response.Headers.XFrameOptions = "DENY";
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        return Results.Content(Html(client, query, message, token, nonce), "text/html; charset=utf-8", statusCode: message is null ? StatusCodes.Status200OK : StatusCodes.Status401Unauthorized);
    }

    private static string SourceOf(string redirectUri)
    {
        var address = new Uri(redirectUri);
        return address.Scheme is "https" or "http" ? address.GetLeftPart(UriPartial.Authority) : address.Scheme + ":";
    }

    private static string Html(Client client, string query, string? message, string token, string nonce)
    {
        var encoder = HtmlEncoder.Default;
        return $$"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Sign in</title>
            <style nonce="{{nonce}}">
            body { font: 1rem/1.5 system-ui, sans-serif; max-width: 22rem; margin: 4rem auto; padding: 0 1rem; }
            label { display: block; margin-top: 1rem; }
            input { box-sizing: border-box; width: 100%; padding: .5rem; font: inherit; }
            button { margin-top: 1.5rem; padding: .5rem 1.5rem; font: inherit; }
            .wrong { color: #a00; }
            </style>
            </head>
            <body>
            <h1>Sign in</h1>
            <p>to go on to <strong>{{encoder.Encode(client.Name)}}</strong></p>
            {{(message is null ? string.Empty : $"<p class=\"wrong\" role=\"alert\">{encoder.Encode(message)}</p>")}}
            <form method="post" action="/api/identity/oauth/sign-in">
            <input type="hidden" name="{{AntiforgeryField}}" value="{{encoder.Encode(token)}}">
            <input type="hidden" name="query" value="{{encoder.Encode(query)}}">
            <label>E-mail address <input name="email" type="email" autocomplete="username" required maxlength="254"></label>
            <label>Password <input name="password" type="password" autocomplete="current-password" required maxlength="256"></label>
            <label>Code of your app, if you use one <input name="code" autocomplete="one-time-code" maxlength="40"></label>
            <button>Sign in</button>
            </form>
            </body>
            </html>
            """;
    }
}
