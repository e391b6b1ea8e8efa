using ModularMonolith.Architecture.Graph;
using Mono.Cecil.Cil;

namespace ModularMonolith.Architecture.Reading;

/// <summary>Where instructions stand in the sources.</summary>
internal sealed class Symbols(string root)
{
    private readonly Dictionary<string, string> _paths = new(StringComparer.Ordinal);

    public SourceSpan Span(SequencePoint point) => new(PathOf(point.Document.Url), point.StartLine, point.StartColumn, point.EndLine, point.EndColumn);

    private string PathOf(string url)
    {
        if (!_paths.TryGetValue(url, out var path))
        {
            path = (url.StartsWith(root, StringComparison.Ordinal) ? url[root.Length..] : url).Replace('\\', '/').TrimStart('/');
            _paths[url] = path = path.Length == 0 || url.StartsWith(root, StringComparison.Ordinal) ? path : url;
        }

        return path;
    }
}
