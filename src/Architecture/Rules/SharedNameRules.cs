using System.Collections.Frozen;
using System.Text.RegularExpressions;
using ModularMonolith.Architecture.Graph;
using Mono.Cecil.Cil;

namespace ModularMonolith.Architecture.Rules;

/// <summary>Names under which two modules would meet outside of their Contracts.</summary>
public static partial class SharedNameRules
{
    private static readonly FrozenSet<string> Caches =
    [
        "Microsoft.Extensions.Caching.Memory.IMemoryCache", "Microsoft.Extensions.Caching.Memory.CacheExtensions", "Microsoft.Extensions.Caching.Memory.MemoryCache",
        "Microsoft.Extensions.Caching.Distributed.IDistributedCache", "Microsoft.Extensions.Caching.Distributed.DistributedCacheExtensions", "Microsoft.Extensions.Caching.Hybrid.HybridCache",
        "System.AppContext", "System.AppDomain", "System.Runtime.Caching.ObjectCache", "System.Runtime.Caching.MemoryCache",
    ];

    // What goes along with a request through the modules that answer it.
    private static readonly FrozenSet<string> Carriers =
        ["Microsoft.AspNetCore.Http.HttpContext", "Microsoft.AspNetCore.Http.ISession", "Microsoft.AspNetCore.Http.SessionExtensions", "Microsoft.AspNetCore.OutputCaching.IOutputCacheStore", "System.Diagnostics.Activity"];

    private static readonly FrozenSet<string> Locks =
        ["System.Threading.Mutex", "System.Threading.Semaphore", "System.Threading.EventWaitHandle", "System.IO.MemoryMappedFiles.MemoryMappedFile", "System.IO.Pipes.NamedPipeServerStream", "System.IO.Pipes.NamedPipeClientStream"];

    private static readonly FrozenSet<string> Files = ["System.IO.File", "System.IO.FileStream", "System.IO.StreamReader", "System.IO.StreamWriter", "System.IO.FileInfo", "System.IO.Directory", "System.IO.DirectoryInfo"];

    /// <summary>Caches and variables of the process are not a way between modules.</summary>
    public static readonly Rule CacheKeysAreOwn = new(
        "cache-keys-are-own",
        "Two modules that use the same key of a cache or variable of the process share data past their Contracts: neither can change its form, and they cannot run apart.",
        "Begin keys with the module's own name, and ask the other module with a request. What must outlive the process belongs into the store.",
        static context => new SharedNames(context, "the key", static (type, _) => type.FullName == "System.Environment" || Caches.Contains(type.FullName) || Carriers.Contains(type.FullName), KeyOf).Check())
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
        static context => new SharedNames(context, "the file or lock", static (type, _) => type.FullName == "System.IO.Path" || type.FullName.StartsWith("System.Threading.", StringComparison.Ordinal) || Locks.Contains(type.FullName) || Files.Contains(type.FullName), FileOf, LocksIn).Check())
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
    private static (string Name, bool IsHarmless)? KeyOf(MemberOf member, Use use)
    {
        switch (use.Target.FullName)
        {
            case "System.Environment":
                return use is { Member: "GetEnvironmentVariable" or "SetEnvironmentVariable", Texts: [{ } variable, ..] } ? (variable, use.Member[0] == 'G') : null;
            case "System.Diagnostics.Activity" when use.Member is "SetBaggage" or "AddBaggage" or "GetBaggageItem" or "SetCustomProperty" or "GetCustomProperty":
            case "Microsoft.AspNetCore.OutputCaching.IOutputCacheStore" when use.Member == "EvictByTagAsync":
            case "Microsoft.AspNetCore.Http.ISession" when use.Member is "Set" or "TryGetValue" or "Remove":
                return Argument(member, use, 0) is { } name ? (name, false) : null;
            case "Microsoft.AspNetCore.Http.SessionExtensions":
                return Argument(member, use, 1) is { } item ? (item, false) : null;
            case "System.Collections.Generic.IDictionary`2" when IsItemOfTheRequest(member.Member, use):
                return Argument(member, use, 0) is { } entry ? (entry, false) : null;
        }

        if (!Caches.Contains(use.Target.FullName))
        {
            return null;
        }

        // The key is the first text; the cache itself, which stands in front of it in extensions, is none. Values behind an unknown key are none either.
        var key = Argument(member, use, use.Target.FullName.EndsWith("Extensions", StringComparison.Ordinal) ? 1 : 0);
        return key is null ? null : (key, use.Target.FullName == "System.AppContext" && use.Member is "TryGetSwitch" or "get_BaseDirectory");
    }

    // HttpContext.Items goes along with a request through all modules that answer it.
    private static bool IsItemOfTheRequest(MemberFacts member, Use use) => use.Member is "get_Item" or "set_Item" or "TryGetValue" or "Add" or "ContainsKey" or "Remove"
        && member.Uses.Any(other => other is { Member: "get_Items", Target.FullName: "Microsoft.AspNetCore.Http.HttpContext" } && ModuleCode.IsSameStatement(use, other));

    // A known text; what a method of the same class puts together; or the first part of a tuple, which is made in the same statement.
    private static string? Argument(MemberOf member, Use use, int at)
    {
        if (use.Texts.Count > 0 || use.ParameterCount <= at)
        {
            return use.Texts.ElementAtOrDefault(at);
        }

        foreach (var other in member.Member.Uses)
        {
            if (ModuleCode.IsSameStatement(use, other) && other.Member is { } called)
            {
                if (other is { Creates: true, Texts: [{ } first, ..] } && other.Target.FullName.StartsWith("System.ValueTuple`", StringComparison.Ordinal))
                {
                    return first;
                }

                if (other.Target.FullName == member.Type.Name.FullName && member.Type.Members.FirstOrDefault(known => known.Kind == MemberKind.Method && known.Name == called) is { Type.FullName: "System.String", Texts: [{ } made] })
                {
                    return made.Text;
                }
            }
        }

        return null;
    }

    private static (string Name, bool IsHarmless)? FileOf(MemberOf member, Use use)
    {
        if (use.Target.FullName == "System.IO.Pipes.NamedPipeClientStream")
        {
            return use.Creates && use.Texts.LastOrDefault(static text => text is not null and not ".") is { } pipe ? (pipe, false) : null;
        }

        if (Locks.Contains(use.Target.FullName) || (use.Target.FullName.StartsWith("System.Threading.", StringComparison.Ordinal) && use.Member is "OpenExisting" or "TryOpenExisting"))
        {
            return use.Texts.FirstOrDefault(static text => text is not null) is { } name ? (name.Replace("Global\\", string.Empty, StringComparison.Ordinal), false) : null;
        }

        if (Files.Contains(use.Target.FullName))
        {
            return use.Texts is not [{ } path, ..] ? null
                : path.StartsWith('/') || path.Contains(":\\", StringComparison.Ordinal) ? (FileName(path), false)
                // Where a relative path leads to differs from program to program, but a name says whose it is meant to be.
                : (path, true);
        }

        // A path is put together of a folder that all share and a name.
        return use is { Target.FullName: "System.IO.Path", Member: "Combine" or "Join" } && member.Member.Uses.Any(static other => other.Member is "GetTempPath" or "GetFolderPath" or "get_BaseDirectory" or "GetCurrentDirectory" or "get_CurrentDirectory" or "get_ContentRootPath")
            && use.Texts.FirstOrDefault(static text => text is not null) is { } part ? (FileName(part), false) : null;
    }

    // Advisory locks and channels belong to the database, not to a schema. A key made of current_schema() is the module's own.
    private static IEnumerable<string> LocksIn(string sql)
    {
        // Most texts are none of these, and are not worth a closer look.
        if (!sql.Contains("_lock", StringComparison.OrdinalIgnoreCase) && !sql.Contains("notify", StringComparison.OrdinalIgnoreCase) && !sql.Contains("listen", StringComparison.OrdinalIgnoreCase))
        {
            yield break;
        }

        foreach (Match found in AdvisoryLock().Matches(sql))
        {
            yield return found.Groups["text"].Success ? found.Groups["text"].Value : "advisory lock " + found.Groups["number"].Value.Replace(" ", string.Empty, StringComparison.Ordinal);
        }

        foreach (Match found in Channel().Matches(sql))
        {
            yield return found.Groups["name"].Value;
        }
    }

    [GeneratedRegex(@"\bpg_(try_)?advisory(_xact)?_lock(_shared)?\s*\(\s*((?<number>-?\d+(\s*,\s*-?\d+)?)\s*\)|hashtext(extended)?\s*\(\s*'(?<text>[^'\uFFFC]+)'\s*[,)])", RegexOptions.IgnoreCase)]
    private static partial Regex AdvisoryLock();

    [GeneratedRegex(@"^\s*(listen|LISTEN|notify|NOTIFY)\s+""?(?<name>\w+)""?\s*(,\s*'[^']*'\s*)?;?\s*$|\bpg_notify\s*\(\s*'(?<name>[^'\uFFFC]+)'")]
    private static partial Regex Channel();

    private static string FileName(string path) => path[(path.TrimEnd('/').LastIndexOfAny(['/', '\\']) + 1)..];
}
