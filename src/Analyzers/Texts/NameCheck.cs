using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Analyzers.Texts;

/// <summary>Keys of caches, variables, files and locks that carry another module's name, and routes that leave the module's address. That two modules use the same key only the engine sees.</summary>
internal sealed class NameCheck(ModulePlace place)
{
    private static readonly HashSet<string> Caches =
    [
        "Microsoft.Extensions.Caching.Memory.IMemoryCache", "Microsoft.Extensions.Caching.Memory.CacheExtensions", "Microsoft.Extensions.Caching.Memory.MemoryCache",
        "Microsoft.Extensions.Caching.Distributed.IDistributedCache", "Microsoft.Extensions.Caching.Distributed.DistributedCacheExtensions", "Microsoft.Extensions.Caching.Hybrid.HybridCache",
        "System.AppContext", "System.AppDomain", "System.Runtime.Caching.ObjectCache", "System.Runtime.Caching.MemoryCache",
    ];

    private static readonly HashSet<string> Locks =
        ["System.Threading.Mutex", "System.Threading.Semaphore", "System.Threading.EventWaitHandle", "System.IO.MemoryMappedFiles.MemoryMappedFile", "System.IO.Pipes.NamedPipeServerStream", "System.IO.Pipes.NamedPipeClientStream"];

    private static readonly HashSet<string> Files = ["System.IO.File", "System.IO.FileStream", "System.IO.StreamReader", "System.IO.StreamWriter", "System.IO.FileInfo", "System.IO.Directory", "System.IO.DirectoryInfo"];

    public void Check(TextMember member)
    {
        foreach (var call in member.Texts.Calls)
        {
            Judge(member, call, Rules.CacheKeysAreOwn, "the key", KeyOf(call));
            Judge(member, call, Rules.FilesAreOwn, "the file or lock", FileOf(member, call));
            if (!place.IsContracts && call.Name.StartsWith("Map", StringComparison.Ordinal) && call.Type.StartsWith("Microsoft.AspNetCore.Builder.", StringComparison.Ordinal)
                && Array.Find(call.Texts, static text => text is not null && IsAbsolute(text.Text)) is { } route)
            {
                member.Found(Rules.RoutesStayInTheModule, call.PlaceOf(route).GetLocation(), $"maps {route.Text.Replace(TextUse.Hole, '…')}");
            }
        }
    }

    private void Judge(TextMember member, TextCall call, DiagnosticDescriptor rule, string what, string? found)
    {
        if (found is not { Length: > 0 })
        {
            return;
        }

        // Up to where only the running program knows on.
        var name = found.IndexOf(TextUse.Hole) is >= 0 and var hole ? found[..hole] : found;
        if (place.Modules.FirstOrDefault(module => module.Key != place.Folder && BeginsWith(name, module.Value)) is { Key: { } other } && !BeginsWith(name, place.Name))
        {
            member.Found(rule, NameOf(call.Operation.Syntax).GetLocation(), $"uses {what} '{name}', which is named after {other}");
        }
    }

    private static string? KeyOf(TextCall call)
    {
        if (call.Type == "System.Environment")
        {
            return call.Name is "GetEnvironmentVariable" or "SetEnvironmentVariable" ? call.Texts.FirstOrDefault()?.Text : null;
        }

        // The key is the first text; the cache itself, which stands in front of it in extensions, is none. Values behind an unknown key are none either.
        return !Caches.Contains(call.Type) ? null : (call.Type.EndsWith("Extensions", StringComparison.Ordinal) ? call.Texts.ElementAtOrDefault(1) : call.Texts.FirstOrDefault())?.Text;
    }

    private static string? FileOf(TextMember member, TextCall call)
    {
        if (Locks.Contains(call.Type) || (call.Type.StartsWith("System.Threading.", StringComparison.Ordinal) && call.Name is "OpenExisting" or "TryOpenExisting"))
        {
            return Array.Find(call.Texts, static text => text is not null)?.Text.Replace("Global\\", string.Empty, StringComparison.Ordinal);
        }

        if (Files.Contains(call.Type))
        {
            return call.Texts.FirstOrDefault()?.Text is { } path && (path.StartsWith('/') || path.Contains(":\\", StringComparison.Ordinal)) ? FileName(path) : null;
        }

        // A path is put together of a folder that all share and a name.
        return call is { Type: "System.IO.Path", Name: "Combine" or "Join" } && Array.Find(call.Texts, static text => text is not null) is { } part && member.Texts.AsksForSharedFolder
            ? FileName(part.Text) : null;
    }

    private static string FileName(string path) => path[(path.TrimEnd('/').LastIndexOfAny(['/', '\\']) + 1)..];

    private static bool IsAbsolute(string text) =>
        text.TrimStart('/') is var route && (route == "api" || route.StartsWith("api/", StringComparison.OrdinalIgnoreCase)) && (text.StartsWith("/api", StringComparison.OrdinalIgnoreCase) || !text.StartsWith('/'));

    private static bool BeginsWith(string name, string module) =>
        name.StartsWith(module, StringComparison.OrdinalIgnoreCase) && (name.Length == module.Length || !char.IsLetterOrDigit(name[module.Length]));

    internal static SyntaxNode NameOf(SyntaxNode syntax) => syntax is InvocationExpressionSyntax { Expression: var called }
        ? called switch
        {
            MemberAccessExpressionSyntax access => access.Name,
            MemberBindingExpressionSyntax binding => binding.Name,
            _ => called,
        }
        : syntax;
}
