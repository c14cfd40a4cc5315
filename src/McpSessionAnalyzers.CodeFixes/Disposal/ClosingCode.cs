using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.CodeFixes.Disposal;

/// <summary>
/// The statements that close what a variable of some type holds: the session, or each of a collection of them, or what a task or lazy of one has
/// brought so far. A task that fails or is under way brings no session to close.
/// </summary>
internal sealed class ClosingCode
{
    private const int MaxNesting = 4;

    private readonly SessionTypes _types;
    private readonly string _configured;
    private readonly string _unit;
    private readonly Func<string, string> _newName;

    /// <param name="types">Knows sessions.</param>
    /// <param name="configured">What follows an awaited task.</param>
    /// <param name="unit">One step of indentation.</param>
    /// <param name="newName">Makes a name unique.</param>
    public ClosingCode(SessionTypes types, string configured, string unit, Func<string, string> newName)
    {
        _types = types;
        _configured = configured;
        _unit = unit;
        _newName = newName;
    }

    /// <summary>Lines parted by line feeds; null where it isn't known how what <paramref name="name"/> holds is closed.</summary>
    public string? Of(ITypeSymbol type, string name, bool mayBeNull) => Of(type, name, mayBeNull, 0);

    /// <summary>The one expression of type <c>ValueTask</c> that does it, where there is one.</summary>
    public string? Expression(ITypeSymbol type, string name, bool mayBeNull) =>
        !_types.IsAsyncDisposable(type) || type.IsValueType ? null
        : mayBeNull ? $"{name}?.DisposeAsync() ?? default"
        : $"{name}.DisposeAsync()";

    private string? Of(ITypeSymbol type, string name, bool mayBeNull, int nesting)
    {
        if (nesting > MaxNesting)
        {
            return null;
        }

        if (_types.IsAsyncDisposable(type))
        {
            return type.IsValueType ? null
                : mayBeNull ? If($"{name} is not null", $"await {name}.DisposeAsync(){_configured};")
                : $"await {name}.DisposeAsync(){_configured};";
        }

        if (_types.IsSyncDisposable(type) && type is not { Name: "Task" })
        {
            return $"{name}{(mayBeNull ? "?" : "")}.Dispose();";
        }

        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T, TypeArguments: { Length: 1 } value })
        {
            return Of(value[0], name + ".Value", mayBeNull: false, nesting + 1) is { } closing ? If($"{name}.HasValue", closing) : null;
        }

        if (type is INamedTypeSymbol { IsTupleType: true } tuple)
        {
            var parts = tuple.TupleElements.Where(element => _types.MayCarry(element.Type))
                .Select(element => Of(element.Type, $"{name}.{element.Name}", IsAnnotated(element.Type), nesting + 1)).ToList();
            return parts.Count == 0 || parts.Contains(null) ? null : string.Join("\n", parts);
        }

        if (type is INamedTypeSymbol { IsGenericType: true, TypeArguments: { Length: 1 } single } wrapper)
        {
            switch (wrapper.Name)
            {
                case "Task":
                    return IfAll(name, mayBeNull, new[] { Succeeded(wrapper) }, Of(single[0], $"(await {name}{_configured})", IsAnnotated(single[0]), MaxNesting - 1));
                case "Lazy" when single[0] is INamedTypeSymbol { Name: "Task", TypeArguments.Length: 1 } task:
                    var closed = Of(task.TypeArguments[0], $"(await {name}.Value{_configured})", IsAnnotated(task.TypeArguments[0]), MaxNesting - 1);
                    return IfAll(name, mayBeNull, new[] { ("IsValueCreated", "true"), ("Value." + Succeeded(task).Property, Succeeded(task).Value) }, closed);
                case "Lazy":
                    return IfAll(name, mayBeNull, new[] { ("IsValueCreated", "true") }, Of(single[0], $"{name}.Value", IsAnnotated(single[0]), MaxNesting - 1));
            }
        }

        return Each(type, name, mayBeNull, nesting) ?? Parts(type, name, mayBeNull, nesting);
    }

    /// <summary>A plain holder of the user's own, which leaves the sessions in its members to whoever keeps it.</summary>
    private string? Parts(ITypeSymbol type, string name, bool mayBeNull, int nesting)
    {
        if (type is not INamedTypeSymbol { TypeKind: TypeKind.Class, DeclaringSyntaxReferences.IsEmpty: false, BaseType.SpecialType: SpecialType.System_Object })
        {
            return null;
        }

        var members = type.GetMembers().Where(member => !member.IsStatic && !member.IsImplicitlyDeclared && member is IFieldSymbol { AssociatedSymbol: null } or IPropertySymbol { GetMethod: not null, Parameters.IsEmpty: true })
            .Select(member => (member.Name, Type: member is IFieldSymbol field ? field.Type : ((IPropertySymbol)member).Type, member.DeclaredAccessibility))
            .Where(member => _types.MayCarry(member.Type))
            .ToList();
        if (members.Count == 0 || members.Any(member => member.DeclaredAccessibility is not (Accessibility.Public or Accessibility.Internal)))
        {
            return null;
        }

        var parts = members.Select(member => Of(member.Type, $"{name}.{member.Name}", IsAnnotated(member.Type), nesting + 1)).ToList();
        return parts.Contains(null) ? null : mayBeNull ? If($"{name} is not null", string.Join("\n", parts)) : string.Join("\n", parts);
    }

    private string? Each(ITypeSymbol type, string name, bool mayBeNull, int nesting)
    {
        if (ElementOf(type) is not { } element || element.Type is not { } held || !_types.MayCarry(held))
        {
            return null;
        }

        var one = _newName("session");
        if (Of(held, one, IsAnnotated(held), nesting + 1) is not { } body)
        {
            return null;
        }

        var loop = $"foreach (var {one} in {name}{element.Access})\n{{\n{Indent(body)}\n}}";
        return mayBeNull ? If($"{name} is not null", loop) : loop;
    }

    private static (ITypeSymbol? Type, string Access)? ElementOf(ITypeSymbol type)
    {
        if (type is IArrayTypeSymbol { Rank: 1 } array)
        {
            return (array.ElementType, "");
        }

        var sequence = type.AllInterfaces.Prepend(type).OfType<INamedTypeSymbol>()
            .FirstOrDefault(i => i.OriginalDefinition.SpecialType == SpecialType.System_Collections_Generic_IEnumerable_T);
        return sequence?.TypeArguments[0] switch
        {
            null => null,
            INamedTypeSymbol { Name: "KeyValuePair", TypeArguments: { Length: 2 } pair } => (pair[1], ".Values"),
            var element => (element, ""),
        };
    }

    /// <summary>How a task says that it has brought its result. .NET Framework lacks the short way.</summary>
    private static (string Property, string Value) Succeeded(INamedTypeSymbol task) =>
        task.BaseType?.GetMembers("IsCompletedSuccessfully").IsEmpty == false ? ("IsCompletedSuccessfully", "true") : ("Status", "System.Threading.Tasks.TaskStatus.RanToCompletion");

    private string? IfAll(string name, bool mayBeNull, IReadOnlyList<(string Property, string Value)> facts, string? body) =>
        body is null ? null
        : If(string.Join(" && ", facts.Select((fact, i) =>
            i == 0 && mayBeNull ? $"{name} is {{ {fact.Property}: {fact.Value} }}"
            : fact.Value == "true" ? $"{name}.{fact.Property}"
            : $"{name}.{fact.Property} == {fact.Value}")), body);

    private string If(string condition, string body) => $"if ({condition})\n{{\n{Indent(body)}\n}}";

    private string Indent(string lines) => _unit + lines.Replace("\n", "\n" + _unit);

    private static bool IsAnnotated(ITypeSymbol type) => type.NullableAnnotation == NullableAnnotation.Annotated;
}
