using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;
using System.Text.RegularExpressions;

namespace ModularMonolith.Platform.Modules;

/// <summary>A module that was found: its manifest and its assembly.</summary>
public sealed partial class ModuleDescriptor
{
    internal ModuleDescriptor(Type type, ModuleAttribute manifest)
    {
        if (!NamePattern().IsMatch(manifest.Name))
        {
            throw new InvalidOperationException(
                $"{type.FullName} names its module '{manifest.Name}'. A module's name is 2 to 30 lower-case letters and digits and starts with a letter, because it also names the database schema and the route.");
        }

        Type = type;
        Manifest = manifest;
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

    internal Type Type { get; }

    internal Histogram<double> Commands { get; }

    [GeneratedRegex("^[a-z][a-z0-9]{1,29}$")]
    private static partial Regex NamePattern();
}
