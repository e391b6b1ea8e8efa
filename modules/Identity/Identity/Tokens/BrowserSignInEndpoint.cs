using Carter;
using MediatR;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;
using ModularMonolith.Identity.Clients;
using ModularMonolith.Identity.SignIns;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Identity.Tokens;

/// <summary>Takes the form of <see cref="SignInPage"/> and goes on with the authorization request.</summary>
internal sealed class BrowserSignInEndpoint : ICarterModule
{
    private const string AuthorizePath = "/api/identity/oauth/authorize";

    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/oauth/sign-in", AnswerAsync)
        .IgnoresUnknownParameters()
        .AllowAnonymous()
        .RequireRateLimiting(RateLimitPolicies.SignIn)
        .WithName("SignInAtPage")
        .WithSummary("Takes the form of the sign-in page and goes on with the authorization request from which it was shown. Not for programs: they use POST /api/identity/sign-in.")
        .Accepts<IFormCollection>("application/x-www-form-urlencoded")
        .Produces(StatusCodes.Status303SeeOther)
        .Produces<string>(StatusCodes.Status401Unauthorized, "text/html")
        .ProducesProblem(StatusCodes.Status400BadRequest);

    private static async Task<IResult> AnswerAsync(
        HttpContext http, ISender sender, IAntiforgery antiforgery, ClientAuthentication clients, BrowserSession browser, SignInPage page, CancellationToken cancellationToken)
    {
        var form = await ReadAsync(http, antiforgery, cancellationToken);
        var text = form["query"] ?? string.Empty;
        var query = new QueryCollection(QueryHelpers.ParseQuery(text));
        var request = await AuthorizeEndpoint.ReadAsync(query, clients, cancellationToken);
        var code = form["code"]?.Replace(" ", string.Empty, StringComparison.Ordinal);
        var outcome = await sender.Send(new SignInWithPassword(form["email"] ?? string.Empty, form["password"] ?? string.Empty, code, SessionOrigin.Of(http, request.Client.Id)), cancellationToken);
        if (outcome.Status != SignInStatus.SignedIn)
        {
            return page.Show(http, request.Client, request.RedirectUri, text, outcome.Status == SignInStatus.NeedsCode
                ? "This account also needs the code of your app. Enter the password again together with the code."
                : "That did not work. Check the address, the password and the code. After many attempts the account is locked for a while.");
        }

        browser.Start(http, outcome.SessionId!.Value);
        // A prompt is answered now, and would show the form for ever.
        var parameters = query.Where(static pair => pair.Key != "prompt").SelectMany(static pair => pair.Value, static (pair, value) => KeyValuePair.Create(pair.Key, value));
        http.Response.Headers.Location = QueryHelpers.AddQueryString(AuthorizePath, parameters);
        return Results.StatusCode(StatusCodes.Status303SeeOther);
    }

    private static async Task<OAuthForm> ReadAsync(HttpContext http, IAntiforgery antiforgery, CancellationToken cancellationToken)
    {
        try
        {
            var form = await OAuthForm.ReadAsync(http, cancellationToken);
            await antiforgery.ValidateRequestAsync(http);
            return form;
        }
        catch (Exception exception) when (exception is AntiforgeryValidationException or OAuthException)
        {
            throw new ProblemException(ProblemTypes.MalformedRequest, "The form was not sent from the sign-in page of this server, or is too old. Go back to the application and sign in again.", exception);
        }
    }
}
