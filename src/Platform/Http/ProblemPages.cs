using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Platform.Http;

/// <summary>Answers each problem's type with its explanation, so that the link in an error leads somewhere.</summary>
internal static class ProblemPages
{
    public static void Map(IEndpointRouteBuilder routes, ModuleCatalog modules)
    {
        var types = modules.Modules.Select(module => module.Assembly).Append(typeof(ProblemTypes).Assembly)
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => type is { IsAbstract: true, IsSealed: true, ContainsGenericParameters: false })
            .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static))
            .Where(field => field.FieldType == typeof(ProblemType))
            .Select(field => (ProblemType)field.GetValue(null)!)
            .DistinctBy(type => type.Name)
            .ToDictionary(type => type.Name, StringComparer.Ordinal);

        routes.MapGet("/problems/{name}", (string name) => (types.GetValueOrDefault(name) ?? OfStatus(name)) is { } type
                ? Results.Ok(new { type = type.Uri, type.Status, type.Title, type.Explanation })
                : throw ProblemException.NotFound("kind of problem", name))
            .AllowAnonymous().ExcludeFromDescription();
    }

    /// <summary>The kind of problem of a bare status that has no kind of its own.</summary>
    public static ProblemType OfStatus(int status) => new(
        "http-" + status, status, "The request was refused.", "There is no more to say about it than what its HTTP status says (RFC 9110, section 15).");

    private static ProblemType? OfStatus(string name) =>
        name is ['h', 't', 't', 'p', '-', .. { Length: 3 } digits] && int.TryParse(digits, out var status) && status is >= 400 and < 600 ? OfStatus(status) : null;
}
