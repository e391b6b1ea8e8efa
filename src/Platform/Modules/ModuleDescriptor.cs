using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;
using System.Text.RegularExpressions;
using ModularMonolith.Platform.Audit;
using ModularMonolith.Platform.IntegrationLog;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Platform.Modules;

/// <summary>A module that was found: its manifest and its assembly.</summary>
public sealed partial class ModuleDescriptor
{
    private static readonly string[] Reserved = [AuditSchema.Name, LogSchema.Name, "public"];

    internal ModuleDescriptor(Type type, ModuleAttribute manifest)
    {
        if (!NamePattern().IsMatch(manifest.Name))
        {
            throw new InvalidOperationException(
                $"{type.FullName} names its module '{manifest.Name}'. A module's name is 2 to 30 lower-case letters and digits and starts with a letter, because it also names the database schema and the route.");
        }

        if (Reserved.Contains(manifest.Name))
        {
            throw new InvalidOperationException($"{type.FullName} names its module '{manifest.Name}', which is a schema of the platform. Give it another name.");
        }

        Type = type;
        Manifest = manifest;
        Permissions = [.. type.GetCustomAttributes<PermissionAttribute>().OrderBy(static permission => permission.Name, StringComparer.Ordinal)];
        foreach (var permission in Permissions)
        {
            if (!permission.Name.StartsWith(manifest.Name + ":", StringComparison.Ordinal) || !PermissionPattern().IsMatch(permission.Name))
            {
                throw new InvalidOperationException(
                    $"{type.FullName} declares the permission '{permission.Name}'. A permission is the module's name, a colon and one lower-case word with hyphens: {manifest.Name}:write.");
            }
        }

        ActivitySource = new ActivitySource("ModularMonolith." + manifest.Name);
        Meter = new Meter("ModularMonolith." + manifest.Name);
        Commands = Meter.CreateHistogram<double>("modularmonolith.request.duration", "s", "Duration of commands and queries.");
    }

    /// <summary>The module's name, which is also its schema and its route segment.</summary>
    public string Name => Manifest.Name;

    /// <summary>The manifest.</summary>
    public ModuleAttribute Manifest { get; }

    /// <summary>The assembly that holds the module.</summary>
    public Assembly Assembly => Type.Assembly;

    /// <summary>The source of the module's spans.</summary>
    public ActivitySource ActivitySource { get; }

    /// <summary>The module's meter.</summary>
    public Meter Meter { get; }

    /// <summary>The permissions that its endpoints ask for.</summary>
    public IReadOnlyList<PermissionAttribute> Permissions { get; }

    internal Type Type { get; }

    internal Histogram<double> Commands { get; }

    [GeneratedRegex("^[a-z][a-z0-9]{1,29}$")]
    private static partial Regex NamePattern();

    [GeneratedRegex("^[a-z0-9]+:[a-z][a-z-]{0,39}$")]
    private static partial Regex PermissionPattern();
}
