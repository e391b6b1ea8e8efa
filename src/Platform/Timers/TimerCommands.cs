using System.Collections.Frozen;
using System.Text.Json;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.IntegrationLog;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Platform.Timers;

/// <summary>The commands that can be scheduled, by module and name.</summary>
internal sealed class TimerCommands
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly FrozenDictionary<(string Module, string Name), Type> _types;
    private readonly FrozenDictionary<Type, string> _names;

    public TimerCommands(ModuleCatalog modules)
    {
        var found = modules.Modules.SelectMany(static module => module.Assembly.GetTypes()
            .Select(type => (Type: type, Attribute: Attribute.GetCustomAttribute(type, typeof(TimerAttribute)) as TimerAttribute))
            .Where(static pair => pair.Attribute is not null)
            .Select(pair => (Key: (module.Name, pair.Attribute!.Name), pair.Type))).ToList();
        foreach (var (key, type) in found)
        {
            if (!typeof(ICommand).IsAssignableFrom(type) || key.Item2.Length is 0 or > 100)
            {
                throw new ModuleConfigurationException($"{type.FullName} has [Timer] but is no ICommand, or its name has not 1 to 100 characters. Only commands that answer nothing can be scheduled.");
            }
        }

        foreach (var same in found.GroupBy(static pair => pair.Key).Where(static group => group.Count() > 1))
        {
            throw new ModuleConfigurationException($"{string.Join(" and ", same.Select(static pair => pair.Type.FullName))} share the timer name '{same.Key.Item2}'. Give one of them another name.");
        }

        _types = found.ToFrozenDictionary(static pair => pair.Key, static pair => pair.Type);
        _names = found.DistinctBy(static pair => pair.Type).ToFrozenDictionary(static pair => pair.Type, static pair => pair.Key.Item2);
    }

    /// <summary>The stored form of a command.</summary>
    /// <exception cref="InvalidOperationException">Its class has no <see cref="TimerAttribute"/>.</exception>
    public (string Name, string Payload) Store(ICommand command) => _names.TryGetValue(command.GetType(), out var name)
        ? (name, JsonSerializer.Serialize(command, command.GetType(), Json))
        : throw new InvalidOperationException($"{command.GetType().FullName} is scheduled but has no [Timer], or is no module's. Give it a stable name.");

    /// <summary>Reads a stored command.</summary>
    /// <exception cref="UnreadableEventException">The name is unknown or the payload does not fit.</exception>
    public ICommand Read(string module, string name, string payload)
    {
        if (!_types.TryGetValue((module, name), out var type))
        {
            throw new UnreadableEventException($"Module '{module}' has no command with [Timer(\"{name}\")]. Deploy a version that has one.");
        }

        try
        {
            return JsonSerializer.Deserialize(payload, type, Json) as ICommand ?? throw new JsonException("The payload is null.");
        }
        catch (JsonException exception)
        {
            throw new UnreadableEventException($"A stored '{name}' cannot be read as {type.Name}: {exception.Message}", exception);
        }
    }
}
