using System.Text;
using ModularMonolith.Architecture.Graph;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace ModularMonolith.Architecture.Reading;

/// <summary>
/// Follows texts through a method's evaluation stack, in the order of the code: literals, locals and fields that hold them, concatenation, interpolation, formatting and
/// string builders. What comes from elsewhere is a hole, and where paths of the code meet, what differs between them is one too.
/// </summary>
internal sealed partial class TextStack(MethodDefinition method, FieldTexts fieldTexts)
{
    private readonly List<Slot?> _slots = [];
    private readonly List<Slot> _made = [];
    private readonly Dictionary<int, Slot> _locals = [];
    private readonly Dictionary<string, Slot> _fields = new(StringComparer.Ordinal);
    private readonly Dictionary<int, StringBuilder> _handlers = [];
    private readonly Dictionary<int, List<Slot?>> _inline = [];
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
            case Code.Ldsfld when instruction.Operand is FieldDefinition field && fieldTexts.Of(field) is { } text:
                Push(Make(text));
                return;
            case Code.Ldfld when instruction.Operand is FieldDefinition field && fieldTexts.Of(field) is { } set:
                Pop();
                Push(Mention(set));
                return;
            case Code.Ldsflda when instruction.Operand is FieldDefinition { DeclaringType.Name: "<PrivateImplementationDetails>" } bytes && TextOf(bytes) is { } encoded:
                Push(Make(encoded));
                return;
            case Code.Newarr when instruction.Operand is TypeReference { MetadataType: MetadataType.String or MetadataType.Object }:
                Pop();
                Push(new Slot { Parts = [], Span = _span });
                return;
            case Code.Stelem_Ref:
                var element = Pop();
                Pop();
                Pop()?.Parts?.Add(element);
                return;
            case Code.Stind_Ref when _slots.Count > 1 && _slots[^2] is { Parts: { } list, IsElement: true }:
                list.Add(Pop());
                Pop();
                return;
            case Code.Ldfld when _fields.Count > 0 && instruction.Operand is FieldReference hoisted && hoisted.DeclaringType.Name.StartsWith('<') && _fields.TryGetValue(hoisted.FullName, out var kept):
                Pop();
                Push(kept);
                return;
            case Code.Stfld when instruction.Operand is FieldReference hoisted && hoisted.DeclaringType.Name.StartsWith('<'):
                Keep(hoisted, Pop());
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

    private void Keep(FieldReference field, Slot? slot)
    {
        if (slot is null && _fields.Count == 0)
        {
            return;
        }

        Keep(field.FullName, slot);
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
        else if (type == "String" && called.DeclaringType.Namespace == "System" && Compose(called.Name, instance, arguments) is { IsKnown: true } composed)
        {
            Push(composed.Slot);
        }
        else if (type == "FormattableStringFactory")
        {
            Push(Format(arguments));
        }
        else if (type == "StringBuilder")
        {
            Build(called, arguments, instance, isNew);
        }
        else if (type == "<PrivateImplementationDetails>" && called.Name.StartsWith("InlineArray", StringComparison.Ordinal) && arguments is [{ Local: { } inline }, ..])
        {
            var parts = _inline.TryGetValue(inline, out var known) ? known : _inline[inline] = [];
            Push(new Slot { Parts = parts, IsElement = called.Name.Contains("ElementRef", StringComparison.Ordinal), Span = _span });
        }
        else
        {
            // Whoever takes an interpolated text with a handler of its own gets what was put into it.
            Array.ForEach(arguments, argument => Interpolated(argument));
            if (isNew || called.ReturnType.MetadataType != MetadataType.Void)
            {
                Push(!isNew && fieldTexts.Of(called) is { } answer ? Mention(answer) : null);
            }
        }
    }

    // A text that is written elsewhere counts as a part of longer ones, and as an argument; alone it was told of there.
    private Slot Mention(string text) => new() { Known = text, Span = _span };

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
}
