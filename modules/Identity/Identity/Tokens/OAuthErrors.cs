using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace ModularMonolith.Identity.Tokens;

/// <summary>The errors of RFC 6749 (sections 4.1.2.1 and 5.2) that this server answers.</summary>
internal static class OAuthErrors
{
    public const string InvalidRequest = "invalid_request";
    public const string InvalidClient = "invalid_client";
    public const string InvalidGrant = "invalid_grant";
    public const string InvalidScope = "invalid_scope";
    public const string UnauthorizedClient = "unauthorized_client";
    public const string UnsupportedGrantType = "unsupported_grant_type";
    public const string UnsupportedResponseType = "unsupported_response_type";
    public const string UnsupportedTokenType = "unsupported_token_type";
    public const string LoginRequired = "login_required";

    /// <summary>Answers an error as RFC 6749, section 5.2 asks.</summary>
    public static IResult Answer(HttpContext http, string error, string description)
    {
        if (error != InvalidClient)
        {
            return Results.Json(new OAuthError(error, description), statusCode: StatusCodes.Status400BadRequest);
        }

        http.Response.Headers.WWWAuthenticate = "Basic realm=\"clients\"";
        return Results.Json(new OAuthError(error, description), statusCode: StatusCodes.Status401Unauthorized);
    }

    /// <summary>Runs an operation and answers its error.</summary>
    public static async Task<IResult> AnswerAsync(HttpContext http, Func<Task<IResult>> operation)
    {
        try
        {
            return await operation();
        }
        catch (OAuthException refused)
        {
            return Answer(http, refused.Error, refused.Message);
        }
    }
}

/// <summary>An error in the form of RFC 6749, section 5.2.</summary>
/// <param name="Error">Which one.</param>
/// <param name="Description">What happened, for developers.</param>
internal sealed record OAuthError([property: JsonPropertyName("error")] string Error, [property: JsonPropertyName("error_description")] string Description);

/// <summary>Refuses a request of OAuth.</summary>
/// <param name="error">One of <see cref="OAuthErrors"/>.</param>
/// <param name="message">What happened, for developers. It is shown to the client.</param>
internal sealed class OAuthException(string error, string message) : Exception(message)
{
    public string Error { get; } = error;
}
