using Mono.Cecil;
using Mono.Cecil.Cil;

namespace ModularMonolith.Architecture.Reading;

/// <summary>Static fields that are set once, to a text, when their type is first used.</summary>
internal static class FieldTexts
{
    public static Dictionary<FieldDefinition, string> Of(ModuleDefinition module)
    {
        var texts = new Dictionary<FieldDefinition, string>();
        foreach (var type in module.GetTypes())
        {
            if (type.Methods.FirstOrDefault(static method => method.IsConstructor && method.IsStatic) is not { HasBody: true } initialiser)
            {
                continue;
            }

            foreach (var instruction in initialiser.Body.Instructions)
            {
                if (instruction.OpCode == OpCodes.Ldstr && instruction.Next is { } next && next.OpCode == OpCodes.Stsfld && next.Operand is FieldDefinition { IsInitOnly: true } field)
                {
                    texts[field] = (string)instruction.Operand;
                }
            }
        }

        return texts;
    }
}
