using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Platform.Pipeline;

/// <summary>The modules whose unit of work is running in this scope.</summary>
internal sealed class ActiveUnitsOfWork
{
    private readonly HashSet<string> _modules = new(StringComparer.Ordinal);

    /// <summary>Whether nothing is running yet, so that the next one is what the client asked for.</summary>
    public bool IsIdle => _modules.Count == 0;

    public IDisposable Enter(ModuleDescriptor module) => _modules.Add(module.Name)
        ? new Exit(_modules, module.Name)
        : throw new InvalidOperationException(
            $"A command of module '{module.Name}' was sent while another one of the same module is running. One command is one transaction: call the domain code directly instead of sending a second command.");

    private sealed class Exit(HashSet<string> modules, string name) : IDisposable
    {
        public void Dispose() => modules.Remove(name);
    }
}
