using System.Collections.Immutable;
using Microsoft.CodeAnalysis.Text;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>The content of a test before or after a fix, and the diagnostics expected in it.</summary>
public class SolutionState(string name, string language, string defaultPrefix, string defaultExtension)
    : ProjectState(name, language, defaultPrefix, defaultExtension)
{
    public ProjectCollection AdditionalProjects { get; } = new(language, defaultExtension);

    public List<DiagnosticResult> ExpectedDiagnostics { get; } = [];

    public MarkupMode? MarkupHandling { get; set; }

    public StateInheritanceMode? InheritanceMode { get; set; }

    /// <summary>A copy in which all that this state leaves open is taken from <paramref name="baseState"/>.</summary>
    /// <remarks>
    /// Of a state whose content a fix changed, only those expectations are inherited that the fix doesn't handle: the fixed code must be free of the others
    /// unless it states them itself.
    /// </remarks>
    internal SolutionState WithInheritedValuesApplied(SolutionState? baseState, ImmutableArray<string> fixableDiagnostics)
    {
        var inheritance = InheritanceMode ?? (baseState is null ? StateInheritanceMode.Explicit : StateInheritanceMode.AutoInherit);
        var result = CopyTo(new SolutionState(Name, Language, Sources.DefaultPrefix, Sources.DefaultExtension));
        result.MarkupHandling = MarkupHandling;
        result.InheritanceMode = inheritance;
        result.ExpectedDiagnostics.AddRange(ExpectedDiagnostics);
        foreach (var project in AdditionalProjects)
        {
            result.AdditionalProjects.Add(project.Key, project.Value.Copy());
        }

        if (baseState is null || inheritance == StateInheritanceMode.Explicit)
        {
            result.MarkupHandling ??= MarkupMode.Allow;
            return result;
        }

        result.InheritFrom(baseState);
        foreach (var project in baseState.AdditionalProjects)
        {
            result.AdditionalProjects[project.Key] = result.AdditionalProjects.TryGetValue(project.Key, out var own)
                ? own.WithInherited(project.Value)
                : project.Value.Copy();
        }

        var unchanged = inheritance == StateInheritanceMode.AutoInheritAll || result.HasSameContentAs(baseState);
        result.MarkupHandling ??= unchanged ? baseState.MarkupHandling ?? MarkupMode.Allow : MarkupMode.IgnoreFixable;
        if (result.ExpectedDiagnostics.Count == 0)
        {
            result.ExpectedDiagnostics.AddRange(baseState.ExpectedDiagnostics.Where(expected => unchanged || !fixableDiagnostics.Contains(expected.Id)));
        }

        return result;
    }

    /// <summary>A copy without markup, its expectations joined by those that the markup stands for.</summary>
    internal SolutionState WithProcessedMarkup(
        MarkupOptions options,
        DiagnosticDescriptor? defaultDiagnostic,
        ImmutableArray<DiagnosticDescriptor> supportedDiagnostics,
        ImmutableArray<string> fixableDiagnostics,
        string defaultPath)
    {
        var mode = MarkupHandling ?? MarkupMode.Allow;
        if (mode == MarkupMode.None)
        {
            return this;
        }

        var markup = new MarkupReader(options, defaultDiagnostic, supportedDiagnostics, mode, fixableDiagnostics);
        var result = new SolutionState(Name, Language, Sources.DefaultPrefix, Sources.DefaultExtension)
        {
            MarkupHandling = MarkupMode.None,
            InheritanceMode = StateInheritanceMode.Explicit,
            OutputKind = OutputKind,
            ReferenceAssemblies = ReferenceAssemblies,
        };
        markup.Process(this, result);
        foreach (var project in AdditionalProjects)
        {
            var processed = project.Value.Copy();
            markup.Process(project.Value, processed);
            result.AdditionalProjects.Add(project.Key, processed);
        }

        result.ExpectedDiagnostics.AddRange(ExpectedDiagnostics.Select(expected => expected.WithAppliedMarkupLocations(markup.Keyed).WithDefaultPath(defaultPath)));
        result.ExpectedDiagnostics.AddRange(markup.Expected);
        return result;
    }

    /// <summary>A copy of a state without markup, each of its sources changed, and without expectations.</summary>
    internal SolutionState WithSources(Func<SourceText, SourceText> change)
    {
        var result = WithInheritedValuesApplied(null, []);
        result.ExpectedDiagnostics.Clear();
        foreach (var sources in result.AdditionalProjects.Values.Select(project => project.Sources).Append(result.Sources))
        {
            for (var i = 0; i < sources.Count; i++)
            {
                sources[i] = (sources[i].filename, change(sources[i].content));
            }
        }

        return result;
    }

    internal bool HasSameContentAs(SolutionState other) =>
        SameContent(other)
        && AdditionalProjects.Count == other.AdditionalProjects.Count
        && AdditionalProjects.All(project => other.AdditionalProjects.TryGetValue(project.Key, out var same) && project.Value.SameContent(same));
}

/// <summary>The projects of a test beside the primary one, by name; asking for a name makes the project.</summary>
public sealed class ProjectCollection(string language, string defaultExtension) : Dictionary<string, ProjectState>
{
    public new ProjectState this[string name]
    {
        get
        {
            if (!TryGetValue(name, out var project))
            {
                Add(name, project = new ProjectState(name, language, $"/{name}/Test", defaultExtension));
            }

            return project;
        }

        set => base[name] = value;
    }
}
