using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace ModularMonolith.Platform.Http;

/// <summary>HEAD wherever GET is, OPTIONS everywhere, and an Allow header that names both (RFC 9110, sections 9.3.2, 9.3.7 and 10.2.1).</summary>
internal static class Methods
{
    private static readonly object Head = new();

    /// <summary>Before routing, which then finds what GET would.</summary>
    public static void UseBeforeRouting(IApplicationBuilder app) => app.Use(static async (http, next) =>
    {
        if (HttpMethods.IsHead(http.Request.Method))
        {
            http.Request.Method = HttpMethods.Get;
            http.Items[Head] = Head;
        }

        await next(http);
        if (HttpMethods.IsOptions(http.Request.Method) && http.Response is { StatusCode: StatusCodes.Status405MethodNotAllowed, HasStarted: false })
        {
            http.Response.StatusCode = StatusCodes.Status204NoContent;
            http.Response.Headers.Allow = Allowed(http.Response.Headers.Allow);
        }
    });

    /// <summary>After routing: the server must know that no body may follow.</summary>
    public static void UseAfterRouting(IApplicationBuilder app) => app.Use(static (http, next) =>
    {
        if (http.Items.Remove(Head))
        {
            http.Request.Method = HttpMethods.Head;
        }

        return next(http);
    });

    /// <summary>The methods of a resource, from those that its endpoints have.</summary>
    public static StringValues Allowed(StringValues mapped)
    {
        var methods = mapped.SelectMany(static value => value!.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Append(HttpMethods.Options);
        return string.Join(", ", methods.Concat(mapped.ToString().Contains(HttpMethods.Get, StringComparison.Ordinal) ? [HttpMethods.Head] : []).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }
}
