using System.Net.Mime;
using System.Reflection;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
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

        routes.MapGet("/problems/{name}", (string name, HttpContext http) => (types.GetValueOrDefault(name) ?? OfStatus(name)) is { } type
                ? Page(type, http)
                : throw ProblemException.NotFound("kind of problem", name))
            .AllowAnonymous().ExcludeFromDescription();
    }

    // For people who follow the link and for programs: what is wanted more decides (RFC 9110, section 12.5.1), and a tie is a program's.
    private static IResult Page(ProblemType type, HttpContext http)
    {
        http.Response.Headers.Vary = "Accept";
        http.Response.Headers.CacheControl = "public, max-age=3600";
        var wantsPage = MediaTypeHeaderValue.TryParseList(http.Request.Headers.Accept, out var accepted)
            && Acceptable.Quality(accepted, MediaTypeNames.Text.Html) > Acceptable.Quality(accepted, MediaTypeNames.Application.Json);
        return wantsPage
            ? Results.Content(Html(type), MediaTypeNames.Text.Html + "; charset=utf-8")
            : Results.Ok(new { type = type.Uri, type.Status, type.Title, type.Explanation });
    }

    private static string Html(ProblemType type)
    {
        var (title, explanation) = (HtmlEncoder.Default.Encode(type.Title), HtmlEncoder.Default.Encode(type.Explanation));
        return $"""
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title></head>
            <body>
            <h1>{title}</h1>
            <p>{explanation}</p>
            <p>Type <code>{HtmlEncoder.Default.Encode(type.Uri)}</code>, HTTP status {type.Status}. <a href="/docs/">All operations</a></p>
            </body>
            </html>

            """;
    }

    /// <summary>The kind of problem of a bare status that has no kind of its own.</summary>
    public static ProblemType OfStatus(int status) => new(
        "http-" + status, status, "The request was refused.", "There is no more to say about it than what its HTTP status says (RFC 9110, section 15).");

    private static ProblemType? OfStatus(string name) =>
        name is ['h', 't', 't', 'p', '-', .. { Length: 3 } digits] && int.TryParse(digits, out var status) && status is >= 400 and < 600 ? OfStatus(status) : null;
}
