using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ModularMonolith.Platform.Http;

/// <summary>Whether what is done in this scope is only tried out.</summary>
internal sealed class DryRun
{
    public bool IsOn { get; set; }
}

internal sealed record DryRunMetadata;

/// <summary>Dry runs of endpoints: everything is checked and done in the database, and taken back.</summary>
public static class DryRunEndpoints
{
    /// <summary>The query parameter: <c>true</c> or <c>false</c>.</summary>
    public const string Parameter = "dryRun";

    /// <summary>The response header that marks the answer of a dry run.</summary>
    public const string Header = "Dry-Run";

    /// <summary>
    /// Lets clients try the endpoint out with <c>?dryRun=true</c>. Its command runs with all its checks and statements and is rolled back; no event leaves, no timer is set, and an
    /// idempotency key is neither looked up nor used up. The answer is the one that would be, with the status 200 in place of 201 and 202, without <c>Location</c> and <c>ETag</c>.
    /// For endpoints whose whole effect is one command of the module, in its unit of work.
    /// </summary>
    /// <param name="builder">The endpoint.</param>
    /// <returns>The same endpoint.</returns>
    public static RouteHandlerBuilder SupportsDryRun(this RouteHandlerBuilder builder) => builder
        .WithMetadata(new DryRunMetadata())
        .AddEndpointFilter(static (context, next) =>
        {
            if (IsAsked(context.HttpContext))
            {
                context.HttpContext.RequestServices.GetRequiredService<DryRun>().IsOn = true;
                context.HttpContext.Response.OnStarting(static state =>
                {
                    Mark(((HttpContext)state).Response);
                    return Task.CompletedTask;
                }, context.HttpContext);
            }

            return next(context);
        });

    private static bool IsAsked(HttpContext http) => http.Request.Query[Parameter].ToString() switch
    {
        "" or "false" => false,
        "true" => true,
        var other => throw new ProblemException(ProblemTypes.MalformedRequest, $"{Parameter} is '{(other.Length > 40 ? other[..40] + "…" : other)}'; it must be true or false."),
    };

    private static void Mark(HttpResponse response)
    {
        response.Headers[Header] = "true";
        if (response.StatusCode is StatusCodes.Status201Created or StatusCodes.Status202Accepted)
        {
            response.StatusCode = StatusCodes.Status200OK;
        }

        if (response.StatusCode < 300)
        {
            response.Headers.Location = default;
            response.Headers.ETag = default;
        }
    }
}
