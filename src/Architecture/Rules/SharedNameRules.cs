using System.Collections.Frozen;
using ModularMonolith.Architecture.Graph;
using Mono.Cecil.Cil;

namespace ModularMonolith.Architecture.Rules;

/// <summary>Names under which two modules would meet outside of their Contracts.</summary>
public static class SharedNameRules
{
    private static readonly FrozenSet<string> Caches =
    [
        "Microsoft.Extensions.Caching.Memory.IMemoryCache", "Microsoft.Extensions.Caching.Memory.CacheExtensions", "Microsoft.Extensions.Caching.Memory.MemoryCache",
        "Microsoft.Extensions.Caching.Distributed.IDistributedCache", "Microsoft.Extensions.Caching.Distributed.DistributedCacheExtensions", "Microsoft.Extensions.Caching.Hybrid.HybridCache",
        "System.AppContext", "System.AppDomain", "System.Runtime.Caching.ObjectCache", "System.Runtime.Caching.MemoryCache",
    ];

    private static readonly FrozenSet<string> Locks =
        ["System.Threading.Mutex", "System.Threading.Semaphore", "System.Threading.EventWaitHandle", "System.IO.MemoryMappedFiles.MemoryMappedFile", "System.IO.Pipes.NamedPipeServerStream", "System.IO.Pipes.NamedPipeClientStream"];

    private static readonly FrozenSet<string> Files = ["System.IO.File", "System.IO.FileStream", "System.IO.StreamReader", "System.IO.StreamWriter", "System.IO.FileInfo", "System.IO.Directory", "System.IO.DirectoryInfo"];

    /// <summary>Caches and variables of the process are not a way between modules.</summary>
    public static readonly Rule CacheKeysAreOwn = new(
        "cache-keys-are-own",
        "Two modules that use the same key of a cache or variable of the process share data past their Contracts: neither can change its form, and they cannot run apart.",
        "Begin keys with the module's own name, and ask the other module with a request. What must outlive the process belongs into the store.",
        static context => new SharedNames(context, "the key", static (type, _) => type.FullName == "System.Environment" || Caches.Contains(type.FullName), KeyOf).Check())
    {
        Plant = static canary => canary.Code("ReadsOthersCache", (module, code) =>
        {
            code.Emit(OpCodes.Ldstr, $"{canary.Other.Name}:level");
            code.Emit(OpCodes.Call, Canary.Method(module, Canary.Type(module, "System.Runtime", "System.AppContext"), "GetData", true, module.TypeSystem.String));
        }),
    };

    /// <summary>Files and named locks are not a way between modules either.</summary>
    public static readonly Rule FilesAreOwn = new(
        "files-are-own",
        "A file or a named lock that two modules use joins them outside of the database: no transaction covers it, and it is not there on another machine.",
        "Keep data in the module's store and hand it over with a request or an event. A temporary file's name begins with the module's own name.",
        static context => new SharedNames(context, "the file or lock", static (type, _) => type.FullName == "System.IO.Path" || type.FullName.StartsWith("System.Threading.", StringComparison.Ordinal) || Locks.Contains(type.FullName) || Files.Contains(type.FullName), FileOf).Check())
    {
        Plant = static canary => canary.Code("ReadsOthersFile", (module, code) =>
        {
            code.Emit(OpCodes.Ldstr, $"/var/tmp/{canary.Other.Name}.json");
            code.Emit(OpCodes.Call, Canary.Method(module, Canary.Type(module, "System.Runtime", "System.IO.File"), "ReadAllText", true, module.TypeSystem.String));
        }),
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Rule> All { get; } = [CacheKeysAreOwn, FilesAreOwn];

    // The key, and whether somebody else may use the same one without being joined by it.
    private static (string Name, bool IsHarmless)? KeyOf(MemberFacts member, Use use)
    {
        if (use.Target.FullName == "System.Environment")
        {
            return use.Member is "GetEnvironmentVariable" or "SetEnvironmentVariable" && use.Texts[0] is { } variable ? (variable, use.Member[0] == 'G') : null;
        }

        if (!Caches.Contains(use.Target.FullName))
        {
            return null;
        }

        // The key is the first text; the cache itself, which stands in front of it in extensions, is none. Values behind an unknown key are none either.
        var key = use.Target.FullName.EndsWith("Extensions", StringComparison.Ordinal) ? use.Texts.ElementAtOrDefault(1) : use.Texts[0];
        return key is null ? null : (key, use.Target.FullName == "System.AppContext" && use.Member is "TryGetSwitch" or "get_BaseDirectory");
    }

    private static (string Name, bool IsHarmless)? FileOf(MemberFacts member, Use use)
    {
        if (Locks.Contains(use.Target.FullName) || (use.Target.FullName.StartsWith("System.Threading.", StringComparison.Ordinal) && use.Member is "OpenExisting" or "TryOpenExisting"))
        {
            return use.Texts.FirstOrDefault(static text => text is not null) is { } name ? (name.Replace("Global\\", string.Empty, StringComparison.Ordinal), false) : null;
        }

        if (Files.Contains(use.Target.FullName))
        {
            return use.Texts[0] is { } path && (path.StartsWith('/') || path.Contains(":\\", StringComparison.Ordinal)) ? (FileName(path), false) : null;
        }

        // A path is put together of a folder that all share and a name.
        return use is { Target.FullName: "System.IO.Path", Member: "Combine" or "Join" } && member.Uses.Any(static other => other.Member is "GetTempPath" or "GetFolderPath")
            && use.Texts.FirstOrDefault(static text => text is not null) is { } part ? (FileName(part), false) : null;
    }

    private static string FileName(string path) => path[(path.TrimEnd('/').LastIndexOfAny(['/', '\\']) + 1)..];
}
