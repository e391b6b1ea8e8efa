using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Identity.Clients;
using ModularMonolith.Identity.Keys;
using ModularMonolith.Identity.SignIns;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Identity.Tokens;

/// <summary>The authorization endpoint (RFC 6749, section 3.1), which people come to with their browser. Clients are registered by the shop itself, so nobody is asked for consent.</summary>
internal sealed class AuthorizeEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/oauth/authorize", AnswerAsync)
        .IgnoresUnknownParameters()
        .AllowAnonymous()
        .MayConflict()
        .WithName("Authorize")
        .WithSummary("Sends the browser back to the client with an authorization code for the person who is signed in, or shows the page to sign in. Only response_type=code with a code_challenge (S256).")
        .Produces<string>(StatusCodes.Status200OK, "text/html")
        .Produces(StatusCodes.Status302Found)
        .ProducesProblem(StatusCodes.Status400BadRequest);

    /// <summary>The client and redirect URI of a request. Before both are known to belong together nothing is sent anywhere.</summary>
    /// <exception cref="ProblemException">They do not.</exception>
    public static async Task<AuthorizationRequest> ReadAsync(IQueryCollection query, ClientAuthentication clients, CancellationToken cancellationToken)
    {
        if (query["client_id"] is not [{ } clientId] || await clients.FindAsync(clientId, cancellationToken) is not { } client)
        {
            throw new ProblemException(ProblemTypes.MalformedRequest, "The link to this page names no known client_id. Go back to the application, and tell those who run it.");
        }

        return query["redirect_uri"] is [{ } redirectUri] && client.RedirectUris.Contains(redirectUri, StringComparer.Ordinal)
            ? new AuthorizationRequest(query, client, redirectUri)
            : throw new ProblemException(ProblemTypes.MalformedRequest, "The redirect_uri is not, letter by letter, one that is registered for this client. Go back to the application, and tell those who run it.");
    }

    private static async Task<IResult> AnswerAsync(
        HttpContext http, ISender sender, ClientAuthentication clients, BrowserSession browser, SignInPage page, TokenSettings settings, CancellationToken cancellationToken)
    {
        var request = await ReadAsync(http.Request.Query, clients, cancellationToken);
        try
        {
            var scope = request.Check();
            if (request.Prompt == "login" || await browser.FindAsync(http, cancellationToken) is not { } session)
            {
                return request.Prompt == "none"
                    ? throw new OAuthException(OAuthErrors.LoginRequired, "Nobody is signed in.")
                    : page.Show(http, request.Client, request.RedirectUri, http.Request.QueryString.Value ?? string.Empty, null);
            }

            var code = await sender.Send(IssueFor(request, session, scope), cancellationToken);
            return Results.Redirect(request.Answer(settings.Issuer, ("code", code)));
        }
        catch (OAuthException refused)
        {
            return Results.Redirect(request.Answer(settings.Issuer, ("error", refused.Error), ("error_description", refused.Message)));
        }
    }

    private static IssueCode IssueFor(AuthorizationRequest request, Session session, string scope) =>
        new(request.Client.Id, request.RedirectUri, request.Challenge, session.Subject, session.Id, scope, request.Nonce, session.CreatedAt);
}
