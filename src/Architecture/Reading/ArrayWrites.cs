using Mono.Cecil;
using Mono.Cecil.Cil;

namespace ModularMonolith.Architecture.Reading;

/// <summary>Finds the static array whose element an instruction changes: the field is only read for it, and says nothing of the change.</summary>
internal static class ArrayWrites
{
    private const int Furthest = 64;

    /// <summary>The static field that holds the array, or null when the instruction changes none.</summary>
    public static FieldReference? Field(Instruction instruction)
    {
        var array = instruction.OpCode.Code switch
        {
            Code.Stelem_Any or Code.Stelem_I or Code.Stelem_I1 or Code.Stelem_I2 or Code.Stelem_I4 or Code.Stelem_I8 or Code.Stelem_R4 or Code.Stelem_R8 or Code.Stelem_Ref => Producer(instruction, 2),
            Code.Stind_I or Code.Stind_I1 or Code.Stind_I2 or Code.Stind_I4 or Code.Stind_I8 or Code.Stind_R4 or Code.Stind_R8 or Code.Stind_Ref or Code.Stobj => Address(Producer(instruction, 1)),
            Code.Call when instruction.Operand is MethodReference { DeclaringType: { Name: "Interlocked", Namespace: "System.Threading" } } called => Address(Producer(instruction, called.Parameters.Count - 1)),
            Code.Call when instruction.Operand is MethodReference { DeclaringType: { Name: "Array", Namespace: "System" }, Name: "Sort" or "Reverse" or "Fill" or "Clear" } called => Producer(instruction, called.Parameters.Count - 1),
            // Whoever is given a reference to an element can write to it.
            Code.Ret => Address(Producer(instruction, 0)),
            _ => null,
        };
        return array?.OpCode.Code == Code.Ldsfld ? (FieldReference)array.Operand : null;
    }

    // Counts[i]++ takes the address of the element and doubles it.
    private static Instruction? Address(Instruction? address)
    {
        if (address?.OpCode.Code == Code.Dup)
        {
            address = Producer(address, 0);
        }

        return address?.OpCode.Code == Code.Ldelema ? Producer(address, 1) : null;
    }

    // The instruction that put a value on the stack, counted from the top before the given one; null where the code branches in between.
    internal static Instruction? Producer(Instruction instruction, int above)
    {
        var steps = 0;
        for (var before = instruction.Previous; before is not null && steps < Furthest; before = before.Previous, steps++)
        {
            if (before.OpCode.FlowControl is FlowControl.Branch or FlowControl.Cond_Branch or FlowControl.Return or FlowControl.Throw)
            {
                return null;
            }

            var pushed = Pushed(before);
            if (pushed > above)
            {
                return before;
            }

            above += Popped(before) - pushed;
        }

        return null;
    }

    private static int Pushed(Instruction instruction) => instruction.OpCode.StackBehaviourPush switch
    {
        StackBehaviour.Push0 => 0,
        StackBehaviour.Push1_push1 => 2,
        StackBehaviour.Varpush => ((IMethodSignature)instruction.Operand).ReturnType.MetadataType == MetadataType.Void ? 0 : 1,
        _ => 1,
    };

    private static int Popped(Instruction instruction) => instruction.OpCode.StackBehaviourPop switch
    {
        StackBehaviour.Pop0 => 0,
        StackBehaviour.Pop1 or StackBehaviour.Popi or StackBehaviour.Popref => 1,
        StackBehaviour.Varpop when instruction.Operand is IMethodSignature called =>
            called.Parameters.Count + (called.HasThis && instruction.OpCode.Code != Code.Newobj ? 1 : 0) + (instruction.OpCode.Code == Code.Calli ? 1 : 0),
        StackBehaviour.Popi_popi_popi or StackBehaviour.Popref_popi_popi or StackBehaviour.Popref_popi_popi8 or StackBehaviour.Popref_popi_popr4 or StackBehaviour.Popref_popi_popr8
            or StackBehaviour.Popref_popi_popref => 3,
        _ => 2,
    };
}
