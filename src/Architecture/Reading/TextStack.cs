using System.Text;
using ModularMonolith.Architecture.Graph;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace ModularMonolith.Architecture.Reading;

/// <summary>
/// Follows texts through a method's evaluation stack, in the order of the code: literals, locals and fields that hold them, concatenation, interpolation, formatting and
/// string builders. What comes from elsewhere is a hole, and where paths of the code meet, what differs between them is one too.
/// </summary>
internal sealed class TextStack(MethodDefinition method, IReadOnlyDictionary<FieldDefinition, string> fieldTexts)
{
    private readonly List<Slot?> _slots = [];
    private readonly List<Slot> _made = [];
    private readonly Dictionary<int, Slot> _locals = [];
    private readonly Dictionary<string, Slot> _fields = new(StringComparer.Ordinal);
    private readonly Dictionary<int, StringBuilder> _handlers = [];
    private readonly Dictionary<Instruction, List<Slot?>> _branches = [];
    private SourceSpan? _span;
    private bool _falls = true;

    /// <summary>An instruction that others jump to is reached.</summary>
    public void Meet(Instruction target)
    {
        if (_branches.TryGetValue(target, out var jumped))
        {
            Merge(_falls ? _slots : jumped, jumped);
        }
        else if (!_falls)
        {
            _slots.Clear();
        }

        _falls = true;
    }

    /// <summary>A handler of exceptions begins: the exception is all that is there.</summary>
    public void Catch()
    {
        _slots.Clear();
        Push(null);
        _falls = true;
    }

    private void Push(Slot? slot) => _slots.Add(slot);

    /// <summary>The topmost values as texts, the deepest first; empty when none is known.</summary>
    public IReadOnlyList<string?> Arguments(int count)
    {
        if (count == 0)
        {
            return [];
        }

        string?[]? texts = null;
        for (var i = 0; i < count; i++)
        {
            var index = _slots.Count - count + i;
            if (index >= 0 && _slots[index]?.Text is { } text)
            {
                (texts ??= new string?[count])[i] = text;
            }
        }

        return texts ?? [];
    }

    public void Emit(List<TextUse> texts)
    {
        foreach (var slot in _made)
        {
            if (!slot.IsPart && slot.Text is { } text)
            {
                texts.Add(new TextUse(text, slot.Span));
            }
        }
    }

    public void Step(Instruction instruction, SourceSpan? span)
    {
        _span = span;
        _falls = true;
        switch (instruction.OpCode.Code)
        {
            case Code.Ldstr:
                Push(Make((string)instruction.Operand));
                return;
            case Code.Dup:
                Push(_slots.Count > 0 ? _slots[^1] : null);
                return;
            case Code.Ldsfld when instruction.Operand is FieldDefinition field && fieldTexts.TryGetValue(field, out var text):
                Push(Make(text));
                return;
            case Code.Ldfld when instruction.Operand is FieldReference hoisted && _fields.TryGetValue(hoisted.FullName, out var kept):
                Pop();
                Push(kept);
                return;
            case Code.Stfld when instruction.Operand is FieldReference hoisted && hoisted.DeclaringType.Name.StartsWith('<'):
                Keep(hoisted.FullName, Pop());
                Pop();
                return;
            case Code.Call or Code.Callvirt or Code.Newobj:
                Call(instruction, (MethodReference)instruction.Operand);
                return;
        }

        if (LocalRead(instruction) is { } read)
        {
            Push(_locals.GetValueOrDefault(read));
        }
        else if (LocalWritten(instruction) is { } written)
        {
            if (Pop() is { } slot)
            {
                _locals[written] = slot;
            }
            else
            {
                _locals.Remove(written);
            }
        }
        else if (instruction.OpCode.Code is Code.Ldloca or Code.Ldloca_S)
        {
            Push(new Slot { Local = ((VariableDefinition)instruction.Operand).Index });
        }
        else
        {
            Other(instruction);
        }
    }

    private void Keep(string field, Slot? slot)
    {
        if (slot is null)
        {
            _fields.Remove(field);
        }
        else
        {
            _fields[field] = slot;
        }
    }

    private void Call(Instruction instruction, MethodReference called)
    {
        var count = called.Parameters.Count;
        var arguments = new Slot?[count];
        for (var i = count - 1; i >= 0; i--)
        {
            arguments[i] = Pop();
        }

        var isNew = instruction.OpCode.Code == Code.Newobj;
        var instance = called.HasThis && !isNew ? Pop() : null;
        var type = called.DeclaringType.Name;
        if (type.EndsWith("InterpolatedStringHandler", StringComparison.Ordinal) && (instance?.Local ?? (isNew ? FollowingLocal(instruction) : null)) is { } local)
        {
            Interpolate(called, arguments, local, isNew);
        }
        else if (type == "String" && called.Name is "Concat" or "Format" && called.DeclaringType.Namespace == "System")
        {
            Push(called.Name == "Concat" ? Compose(arguments) : Format(arguments));
        }
        else if (type == "FormattableStringFactory")
        {
            Push(Format(arguments));
        }
        else if (type == "StringBuilder")
        {
            Build(called, arguments, instance, isNew);
        }
        else if (isNew || called.ReturnType.FullName != "System.Void")
        {
            Push(null);
        }
    }

    private void Interpolate(MethodReference called, Slot?[] arguments, int local, bool isNew)
    {
        switch (called.Name)
        {
            case ".ctor":
                _handlers[local] = new StringBuilder();
                if (isNew)
                {
                    Push(null);
                }

                break;
            case "AppendLiteral" or "AppendFormatted":
                Append(_handlers.GetValueOrDefault(local), arguments.FirstOrDefault());
                if (called.ReturnType.FullName != "System.Void")
                {
                    Push(null);
                }

                break;
            case "ToStringAndClear" or "ToString":
                Push(_handlers.Remove(local, out var built) ? Make(built.ToString()) : null);
                break;
            default:
                if (called.ReturnType.FullName != "System.Void")
                {
                    Push(null);
                }

                break;
        }
    }

    private static int? FollowingLocal(Instruction instruction) => instruction.Next is { } next ? LocalWritten(next) : null;

    private void Build(MethodReference called, Slot?[] arguments, Slot? instance, bool isNew)
    {
        if (isNew)
        {
            var built = new Slot { Builder = new StringBuilder(), Span = _span };
            if (arguments.FirstOrDefault() is { Text: not null } first)
            {
                Append(built.Builder, first);
            }

            Push(built);
            _made.Add(built);
            return;
        }

        if (called.Name is "Append" or "AppendLine" && instance?.Builder is { } builder)
        {
            if (arguments.Length > 0)
            {
                Append(builder, arguments[0]);
            }

            if (called.Name == "AppendLine")
            {
                builder.Append('\n');
            }

            Push(instance);
        }
        else if (called.Name == "ToString" && instance?.Builder is not null)
        {
            Push(instance);
        }
        else if (called.ReturnType.FullName != "System.Void")
        {
            Push(called.ReturnType.Name == "StringBuilder" ? instance : null);
        }
    }

    private Slot? Compose(Slot?[] parts)
    {
        if (parts.All(static part => part?.Text is null))
        {
            return null;
        }

        var text = new StringBuilder();
        foreach (var part in parts)
        {
            Append(text, part);
        }

        return Make(text.ToString());
    }

    private Slot? Format(Slot?[] arguments)
    {
        var index = Array.FindIndex(arguments, static argument => argument?.Text is not null);
        if (index < 0)
        {
            return null;
        }

        var text = arguments[index]!.Text!;
        arguments[index]!.IsPart = true;
        for (var i = index + 1; i < arguments.Length; i++)
        {
            text = text.Replace("{" + (i - index - 1) + "}", arguments[i]?.Text ?? TextUse.Hole.ToString(), StringComparison.Ordinal);
        }

        return Make(text);
    }

    private static void Append(StringBuilder? builder, Slot? part)
    {
        if (part?.Text is { } text)
        {
            builder?.Append(text);
            part.IsPart = true;
        }
        else
        {
            builder?.Append(TextUse.Hole);
        }
    }

    private Slot Make(string text)
    {
        var slot = new Slot { Known = text, Span = _span };
        _made.Add(slot);
        return slot;
    }

    private Slot? Pop()
    {
        if (_slots.Count == 0)
        {
            return null;
        }

        var slot = _slots[^1];
        _slots.RemoveAt(_slots.Count - 1);
        return slot;
    }

    private void Other(Instruction instruction)
    {
        var pops = Pops(instruction);
        for (var i = 0; i < pops && _slots.Count > 0; i++)
        {
            Pop();
        }

        for (var i = 0; i < Pushes(instruction.OpCode); i++)
        {
            Push(null);
        }

        if (instruction.Operand is Instruction target)
        {
            Jump(target);
        }
        else if (instruction.Operand is Instruction[] targets)
        {
            Array.ForEach(targets, Jump);
        }

        if (instruction.OpCode.FlowControl is FlowControl.Branch or FlowControl.Return or FlowControl.Throw)
        {
            _slots.Clear();
            _falls = false;
        }
    }

    private void Jump(Instruction target)
    {
        if (_branches.TryGetValue(target, out var known))
        {
            var kept = _slots.ToList();
            Merge(kept, known);
            _branches[target] = [.. _slots];
            _slots.Clear();
            _slots.AddRange(kept);
        }
        else
        {
            _branches[target] = [.. _slots];
        }
    }

    // Only what all ways bring along stays known.
    private void Merge(List<Slot?> one, List<Slot?> other)
    {
        var merged = new List<Slot?>(other.Count);
        for (var i = 0; i < other.Count; i++)
        {
            merged.Add(i < one.Count && ReferenceEquals(one[i], other[i]) ? one[i] : null);
        }

        _slots.Clear();
        _slots.AddRange(merged);
    }

    private int Pops(Instruction instruction) => instruction.OpCode.StackBehaviourPop switch
    {
        StackBehaviour.Pop0 => 0,
        StackBehaviour.Pop1 or StackBehaviour.Popi or StackBehaviour.Popref => 1,
        StackBehaviour.Pop1_pop1 or StackBehaviour.Popi_pop1 or StackBehaviour.Popi_popi or StackBehaviour.Popi_popi8 or StackBehaviour.Popi_popr4 or StackBehaviour.Popi_popr8
            or StackBehaviour.Popref_pop1 or StackBehaviour.Popref_popi => 2,
        StackBehaviour.Popi_popi_popi or StackBehaviour.Popref_popi_popi or StackBehaviour.Popref_popi_popi8 or StackBehaviour.Popref_popi_popr4 or StackBehaviour.Popref_popi_popr8
            or StackBehaviour.Popref_popi_popref => 3,
        StackBehaviour.Varpop when instruction.OpCode.Code == Code.Ret => method.ReturnType.FullName == "System.Void" ? 0 : 1,
        _ => _slots.Count,
    };

    private static int Pushes(OpCode code) => code.StackBehaviourPush switch
    {
        StackBehaviour.Push0 => 0,
        StackBehaviour.Push1_push1 => 2,
        _ => 1,
    };

    private static int? LocalRead(Instruction instruction) => instruction.OpCode.Code switch
    {
        Code.Ldloc_0 => 0,
        Code.Ldloc_1 => 1,
        Code.Ldloc_2 => 2,
        Code.Ldloc_3 => 3,
        Code.Ldloc or Code.Ldloc_S => ((VariableDefinition)instruction.Operand).Index,
        _ => null,
    };

    private static int? LocalWritten(Instruction instruction) => instruction.OpCode.Code switch
    {
        Code.Stloc_0 => 0,
        Code.Stloc_1 => 1,
        Code.Stloc_2 => 2,
        Code.Stloc_3 => 3,
        Code.Stloc or Code.Stloc_S => ((VariableDefinition)instruction.Operand).Index,
        _ => null,
    };

    /// <summary>One value on the stack: a text, a string builder, or the address of a local.</summary>
    internal sealed class Slot
    {
        public string? Known { get; init; }

        public StringBuilder? Builder { get; init; }

        public int? Local { get; init; }

        public SourceSpan? Span { get; init; }

        /// <summary>Whether a longer text was made of it.</summary>
        public bool IsPart { get; set; }

        public string? Text => Known ?? (Builder is { Length: > 0 } ? Builder.ToString() : null);
    }
}
