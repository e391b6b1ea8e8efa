using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Primitives;

namespace ModularMonolith.Platform.Http;

internal sealed record AnyParameters;

/// <summary>
/// Refuses query parameters that an operation does not have. Whoever misspells a filter would otherwise get everything, and take it for what was asked for.
/// The known ones are the parameters of the endpoint's handler.
/// </summary>
public static class KnownParameters
{
    /// <summary>
    /// Lets the endpoint ignore query parameters that its handler does not declare, where a standard demands it (RFC 6749, section 3.1) or the handler reads the query itself.
    /// </summary>
    /// <param name="builder">The endpoint.</param>
    /// <returns>The same endpoint.</returns>
    public static RouteHandlerBuilder IgnoresUnknownParameters(this RouteHandlerBuilder builder) => builder.WithMetadata(new AnyParameters());

    internal static void Use(IApplicationBuilder app)
    {
        var known = new ConcurrentDictionary<Endpoint, IReadOnlyDictionary<string, bool>?>();
        app.Use((http, next) =>
        {
            if (http.Request.QueryString.HasValue && ApiRequest.Is(http) && http.GetEndpoint() is { } endpoint && known.GetOrAdd(endpoint, Of) is { } names)
            {
                Refuse(http.Request.Query, names);
            }

            return next(http);
        });
    }

    private static void Refuse(IQueryCollection query, IReadOnlyDictionary<string, bool> known)
    {
        var unknown = query.Keys.Where(name => !known.ContainsKey(name)).ToList();
        if (unknown.Count > 0)
        {
            throw new ProblemException(ProblemTypes.MalformedRequest, $"There is no query parameter {string.Join(" and no ", unknown.Take(10).Select(static name => $"'{Short(name)}'"))} here. "
                + (known.Count == 0 ? "This operation has none." : $"Known are {string.Join(", ", known.Keys)}."));
        }

        // The framework takes an empty number for none.
        if (query.FirstOrDefault(given => !known[given.Key] && given.Value.Contains(string.Empty)).Key is { } empty)
        {
            throw new ProblemException(ProblemTypes.MalformedRequest, $"The query parameter '{empty}' is empty. Give it a value, or leave it out.");
        }
    }

    private static string Short(string name) => name.Length <= 40 ? name : name[..40] + "…";

    // By name, whether it may be any text. Null where nothing is known: endpoints that are no handlers of typed parameters.
    private static IReadOnlyDictionary<string, bool>? Of(Endpoint endpoint)
    {
        if (endpoint is not RouteEndpoint route || endpoint.Metadata.GetMetadata<MethodInfo>() is null || endpoint.Metadata.GetMetadata<AnyParameters>() is not null)
        {
            return null;
        }

        var known = endpoint.Metadata.OfType<IParameterBindingMetadata>()
            .Select(parameter => (Name: NameInQuery(parameter, route), IsText: IsText(parameter.ParameterInfo.ParameterType)))
            .Where(static parameter => parameter.Name is not null)
            .ToDictionary(static parameter => parameter.Name!, static parameter => parameter.IsText, StringComparer.Ordinal);
        if (endpoint.Metadata.GetMetadata<DryRunMetadata>() is not null)
        {
            known[DryRunEndpoints.Parameter] = false;
        }

        return known;
    }

    private static bool IsText(Type type) => type == typeof(string) || type == typeof(string[]) || type == typeof(StringValues);

    private static string? NameInQuery(IParameterBindingMetadata parameter, RouteEndpoint route)
    {
        var attributes = parameter.ParameterInfo.GetCustomAttributes();
        if (attributes.OfType<IFromQueryMetadata>().FirstOrDefault() is { } declared)
        {
            return declared.Name ?? parameter.Name;
        }

        var elsewhere = attributes.Any(static attribute => attribute is IFromRouteMetadata or IFromBodyMetadata or IFromHeaderMetadata or IFromFormMetadata or IFromServiceMetadata)
            || route.RoutePattern.GetParameter(parameter.Name) is not null;
        return !elsewhere && (parameter.HasTryParse || IsText(parameter.ParameterInfo.ParameterType)) ? parameter.Name : null;
    }
}
