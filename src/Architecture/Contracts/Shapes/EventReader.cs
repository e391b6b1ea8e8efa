using Mono.Cecil;
using Mono.Cecil.Cil;

namespace ModularMonolith.Architecture.Contracts.Shapes;

/// <summary>Finds the events of a module in its compiled code.</summary>
internal static class EventReader
{
    private const string IntegrationEvent = "ModularMonolith.Platform.Contracts.IIntegrationEvent";
    private const string Upcaster = "ModularMonolith.Platform.Contracts.IEventUpcaster`1";

    /// <summary>The integration events: the classes with <c>[EventName]</c>.</summary>
    public static ShapeFile Published(IEnumerable<ModuleDefinition> assemblies)
    {
        var reader = new ShapeReader(JsonWriting.Log);
        var types = assemblies.SelectMany(static assembly => assembly.GetTypes()).ToList();
        var upcasters = types.SelectMany(static type => type.Interfaces.Select(found => (Type: type, Of: found.InterfaceType as GenericInstanceType)))
            .Where(static pair => pair.Of?.ElementType.FullName == Upcaster)
            .ToLookup(static pair => pair.Of!.GenericArguments[0].FullName, static pair => FromVersion(pair.Type), StringComparer.Ordinal);
        var events = new Dictionary<string, EventShape>(StringComparer.Ordinal);
        foreach (var type in types.Where(static type => type.Interfaces.Any(static found => found.InterfaceType.FullName == IntegrationEvent)))
        {
            if (type.CustomAttributes.FirstOrDefault(static found => found.AttributeType.Name == "EventNameAttribute") is { } attribute)
            {
                var version = attribute.Properties.FirstOrDefault(static named => named.Name == "Version").Argument.Value as int? ?? 1;
                events[(string)attribute.ConstructorArguments[0].Value] = new EventShape(type.Name, version, [.. upcasters[type.FullName].OfType<int>().Order()], Key(type), reader.Members(type));
            }
        }

        return new ShapeFile(events, reader.Types);
    }

    /// <summary>The events of streams: those that the module gives their stored names, in <c>MapEventType&lt;T&gt;("name")</c>.</summary>
    public static ShapeFile Stored(ModuleDefinition slice)
    {
        var reader = new ShapeReader(JsonWriting.Store);
        var events = new Dictionary<string, EventShape>(StringComparer.Ordinal);
        foreach (var instruction in slice.GetTypes().SelectMany(static type => type.Methods).Where(static method => method.HasBody).SelectMany(static method => method.Body.Instructions))
        {
            if (instruction is { Operand: GenericInstanceMethod { Name: "MapEventType", GenericArguments: [var type] }, Previous: { OpCode.Code: Code.Ldstr, Operand: string name } })
            {
                events[name] = new EventShape(type.Name, null, [], null, reader.Members(type));
            }
        }

        return new ShapeFile(events, reader.Types);
    }

    private static int? FromVersion(TypeDefinition upcaster)
    {
        var code = upcaster.Methods.FirstOrDefault(static method => method.Name.EndsWith("get_FromVersion", StringComparison.Ordinal))?.Body.Instructions;
        return code?.Select(static instruction => instruction.OpCode.Code switch
        {
            >= Code.Ldc_I4_0 and <= Code.Ldc_I4_8 => instruction.OpCode.Code - Code.Ldc_I4_0,
            Code.Ldc_I4_S => (sbyte)instruction.Operand,
            Code.Ldc_I4 => (int)instruction.Operand,
            _ => (int?)null,
        }).FirstOrDefault(static number => number is not null);
    }

    // The members that the key is made of, and the texts between them, in their order.
    private static string Key(TypeDefinition type)
    {
        var code = type.Methods.FirstOrDefault(static method => method.Name is "get_Key" or IntegrationEvent + ".get_Key" && method.HasBody)?.Body.Instructions;
        var parts = code?.Select(static instruction => instruction.Operand switch
        {
            string text => $"\"{text}\"",
            MethodReference { Name: var name } when name.StartsWith("get_", StringComparison.Ordinal) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(name[4..]),
            FieldReference { Name: var name } => name,
            MethodReference { Name: not ("ToString" or "Concat" or "ToStringAndClear" or ".ctor" or "AppendFormatted" or "AppendLiteral"), DeclaringType.Name: var owner, Name: var name } => $"{owner}.{name}()",
            _ => null,
        }).OfType<string>();
        return string.Join(" + ", parts ?? []);
    }
}
