using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Rules;

/// <summary>The configuration keys that code reads.</summary>
internal static class Settings
{
    private const string Configuration = "Microsoft.Extensions.Configuration.";

    /// <summary>A key as the code reads it.</summary>
    public sealed record Setting(string Key, string From, Module? Module, SourceSpan? Span);

    /// <summary>The keys that the host, the platform and the slices read.</summary>
    public static IEnumerable<Setting> ReadBy(RuleContext context)
    {
        var hosted = Hosted(context);
        return from assembly in context.Graph.Assemblies
               where hosted.Contains(assembly.Name)
               let module = context.Graph.OwnerOf(assembly.Name)
               from found in context.Graph.MembersUsing(assembly, IsReading)
               from setting in Read(context.Graph, module, found.Type, found.Member)
               select setting;
    }

    /// <summary>The keys that a member reads, sets or binds.</summary>
    public static IEnumerable<(string Key, Use Use)> KeysOf(MemberFacts member)
    {
        foreach (var use in member.Uses)
        {
            if (IsKey(use.Target, use.Member) && KeyOf(use) is { } key)
            {
                yield return (use.Member == "GetConnectionString" ? "ConnectionStrings:" + key : key, use);
            }
        }
    }

    /// <summary>Whether a call reads, sets or binds a key.</summary>
    public static bool IsKey(TypeName type, string? called) => IsReading(type, called) || IsBinding(type, called);

    /// <summary>Whether a type is the configuration or a part of it.</summary>
    public static bool IsConfiguration(TypeName type) => type.FullName is Configuration + "IConfiguration" or Configuration + "IConfigurationSection" or Configuration + "IConfigurationRoot" or Configuration + "ConfigurationManager";

    /// <summary>Whether a documented key is the one that code reads: the whole of it, its end below a section, or one of the keys in a section.</summary>
    public static bool Covers(string documented, string read) =>
        documented.Equals(read, StringComparison.OrdinalIgnoreCase) || documented.EndsWith(":" + read.TrimStart(':'), StringComparison.OrdinalIgnoreCase) || IsSection(documented, read);

    /// <summary>Whether what code reads is a section that a documented key is in.</summary>
    public static bool IsSection(string documented, string read) => documented.StartsWith(read + ":", StringComparison.OrdinalIgnoreCase);

    // The slices, the hosts, and what hosts stand on.
    private static HashSet<string> Hosted(RuleContext context)
    {
        var hosted = context.Graph.Slices().Select(static pair => pair.Assembly.Name).Concat(context.Policy.Platform).ToHashSet(StringComparer.Ordinal);
        var waiting = new Queue<ProjectFacts>(context.Graph.Projects.Where(project => context.Policy.Hosts.Contains(project.AssemblyName)));
        while (waiting.TryDequeue(out var project))
        {
            if (hosted.Add(project.AssemblyName) || context.Policy.Platform.Contains(project.AssemblyName))
            {
                foreach (var target in project.References.SelectMany(context.Graph.Targets).Where(target => target.Kind == ProjectKind.Source && !hosted.Contains(target.AssemblyName)))
                {
                    waiting.Enqueue(target);
                }
            }
        }

        return hosted;
    }

    private static IEnumerable<Setting> Read(CodeGraph graph, Module? module, TypeFacts type, MemberFacts member)
    {
        string? section = null;
        foreach (var use in member.Uses)
        {
            if (!IsReading(use.Target, use.Member))
            {
                continue;
            }

            var key = KeyOf(use);
            if (use.Member == "Configure")
            {
                // An options class reads one key for each property that can be set, below the section that was taken just before.
                foreach (var property in section is null || use.MemberArguments.Count == 0 ? [] : graph.Find(use.MemberArguments[0])?.Members ?? [])
                {
                    if (property is { Kind: MemberKind.Property, Visibility: Visibility.Public } && (property.Flags & (MemberFlags.Settable | MemberFlags.InitOnly)) != 0)
                    {
                        yield return Of($"{section}:{property.Name}", use);
                    }
                }
            }
            else if (key is not null)
            {
                section = use.Member is "GetSection" or "GetRequiredSection" ? key : section;
                yield return Of(use.Member == "GetConnectionString" ? "ConnectionStrings:" + key : key, use);
            }
        }

        Setting Of(string key, Use use) => new(key, Describe.Member(type, member), module, use.Span ?? member.Place);
    }

    private static bool IsReading(TypeName type, string? called) => called is not null && (type.FullName, called) is
        (Configuration + "IConfiguration" or Configuration + "IConfigurationSection" or Configuration + "ConfigurationManager" or Configuration + "ConfigurationRoot", "get_Item" or "GetSection")
        or (Configuration + "ConfigurationBinder", "GetValue") or (Configuration + "ConfigurationExtensions", "GetConnectionString" or "GetRequiredSection")
        or ("Microsoft.Extensions.DependencyInjection.OptionsConfigurationServiceCollectionExtensions", "Configure");

    private static bool IsBinding(TypeName type, string? called) => called is not null && (type.FullName, called) is
        (Configuration + "IConfiguration" or Configuration + "IConfigurationSection" or Configuration + "ConfigurationManager", "set_Item")
        or (Configuration + "ConfigurationBinder", "Bind") or ("Microsoft.Extensions.DependencyInjection.OptionsBuilderConfigurationExtensions", "BindConfiguration");

    // Extension methods have the configuration first; a default may stand last. Of a key that is put together, the part that is known last counts.
    private static string? KeyOf(Use use)
    {
        var at = use.Member is "get_Item" or "set_Item" or "GetSection" ? 0 : use is { Member: "GetValue", MemberArguments.Count: 0 } ? 2 : 1;
        var known = use.Texts.Count > at ? use.Texts[at] : null;
        return known?.Split(TextUse.Hole, StringSplitOptions.RemoveEmptyEntries).LastOrDefault();
    }
}
