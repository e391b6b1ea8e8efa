using Mono.Cecil;
using Mono.Cecil.Cil;

namespace ModularMonolith.Architecture.Reading;

/// <summary>What always is the same text: fields that are set once to one, alone or put together of others, and members that do nothing but answer one.</summary>
internal sealed class FieldTexts
{
    // A constant member is a handful of instructions; anything longer does something.
    private const int LongestMember = 12;

    private readonly Dictionary<FieldDefinition, string> _fields = [];
    private readonly Dictionary<MethodDefinition, string> _members = [];
    private readonly HashSet<FieldDefinition> _ambiguous = [];

    /// <summary>The text of a field, or null.</summary>
    public string? Of(FieldDefinition field) => _fields.GetValueOrDefault(field);

    /// <summary>What a property, a method or a local function without parameters always answers, or null.</summary>
    public string? Of(MethodReference member) => member is MethodDefinition { HasParameters: false } known ? _members.GetValueOrDefault(known) : null;

    /// <summary>Reads a module.</summary>
    public static FieldTexts Of(ModuleDefinition module)
    {
        var texts = new FieldTexts();
        foreach (var type in module.GetTypes())
        {
            foreach (var method in type.Methods.Where(static method => method.IsConstructor && method.HasBody).OrderByDescending(static method => method.IsStatic))
            {
                texts.Initialiser(method.Body);
            }
        }

        foreach (var method in module.GetTypes().SelectMany(static type => type.Methods))
        {
            if (method is { HasBody: true, HasParameters: false, IsConstructor: false } && method.ReturnType.MetadataType == MetadataType.String && (!method.IsVirtual || method.IsFinal)
                && method.Body.CodeSize <= LongestMember && texts.Answer(method.Body) is { } answer)
            {
                texts._members[method] = answer;
            }
        }

        return texts;
    }

    // What stands on the stack is followed as far as it is texts; anything else begins anew.
    private void Initialiser(MethodBody body)
    {
        var stack = new Stack<string?>();
        foreach (var instruction in body.Instructions)
        {
            switch (instruction.OpCode.Code)
            {
                case Code.Ldarg_0:
                    stack.Push(null);
                    break;
                case Code.Ldstr:
                    stack.Push((string)instruction.Operand);
                    break;
                case Code.Ldsfld when instruction.Operand is FieldDefinition read:
                    stack.Push(_fields.GetValueOrDefault(read));
                    break;
                case Code.Call when instruction.Operand is MethodReference { Name: "Concat", DeclaringType.FullName: "System.String" } called && called.Parameters.All(static part => part.ParameterType.MetadataType == MetadataType.String)
                    && stack.Count >= called.Parameters.Count:
                    var parts = Enumerable.Range(0, called.Parameters.Count).Select(_ => stack.Pop()).Reverse().ToList();
                    stack.Push(parts.Contains(null) ? null : string.Concat(parts));
                    break;
                case Code.Stsfld or Code.Stfld when instruction.Operand is FieldDefinition { IsInitOnly: true } field && stack.TryPop(out var text):
                    Keep(field, text);
                    stack.Clear();
                    break;
                default:
                    stack.Clear();
                    break;
            }
        }
    }

    private void Keep(FieldDefinition field, string? text)
    {
        if (text is null || _ambiguous.Contains(field) || (_fields.TryGetValue(field, out var other) && other != text))
        {
            _ambiguous.Add(field);
            _fields.Remove(field);
        }
        else
        {
            _fields[field] = text;
        }
    }

    // Without optimisation the answer goes through a local variable and a jump to the end.
    private string? Answer(MethodBody body)
    {
        string? answer = null;
        foreach (var instruction in body.Instructions)
        {
            switch (instruction.OpCode.Code)
            {
                case Code.Ldstr when answer is null:
                    answer = (string)instruction.Operand;
                    break;
                case Code.Ldsfld when answer is null && instruction.Operand is FieldDefinition field && _fields.TryGetValue(field, out var text):
                    answer = text;
                    break;
                case Code.Nop or Code.Stloc_0 or Code.Ldloc_0 or Code.Br_S or Code.Ret:
                    break;
                default:
                    return null;
            }
        }

        return answer;
    }
}
